// Firefox through WebDriver BiDi, with nothing but Node: opens an address, runs functions in the page, prints JSON.
// usage: node firefox.mjs <firefox> <profile folder> <address> <script file>
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

const [program, profile, address, script] = process.argv.slice(2);
const flags = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
const firefox = spawn(program, flags, { stdio: ["ignore", "ignore", "pipe"] });

try {
  const found = await new Promise((resolve, reject) => {
    let said = "";
    firefox.stderr.on("data", (text) => {
      said += text;
      const listening = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (listening) resolve(listening[1]);
    });
    firefox.on("exit", () => reject(new Error(`Firefox ended: ${said.slice(-300)}`)));
  });
  const socket = new WebSocket(`${found}/session`);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const reply = JSON.parse(data);
    const { resolve, reject } = waiting.get(reply.id) ?? {};
    if (reply.type === "error") reject?.(new Error(`${reply.error}: ${reply.message}`));
    else resolve?.(reply.result);
  };
  const ask = (method, params) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  await ask("session.new", { capabilities: {} });
  const { contexts } = await ask("browsingContext.getTree", {});
  const { context } = contexts[0];
  await ask("browsingContext.navigate", { context, url: address, wait: "complete" });
  const functionDeclaration = await readFile(script, "utf8");
  const reply = await ask("script.callFunction", { functionDeclaration, target: { context }, awaitPromise: true });
  if (reply.type === "exception") throw new Error(reply.exceptionDetails.text);
  console.log(reply.result.value);
} finally {
  firefox.kill();
}
