// Runs a chapter's notebooks in the page: Python as WebAssembly in a worker of its own, so that the page never waits.
// Requests and replies are JSON strings; between requests it brings the cells of the last update up to date.

const QUIET_MS = 250; // a reader who moves a slider goes on: what takes long waits until nothing comes for that time
const TOGETHER_MS = 60; // cells are sent together for that time: each message lays the page out anew

const queue = [];
let answer, follow, current, heard, running = false;

const send = (message) => postMessage(JSON.stringify(message));
const turn = () => new Promise((resolve) => { // lets a newer request in
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); resolve(); };
  channel.port2.postMessage(null);
});

onmessage = ({ data }) => {
  queue.push(JSON.parse(data));
  heard?.();
  if (!running) work();
};

const quiet = () => new Promise((resolve) => {
  const timer = setTimeout(resolve, QUIET_MS);
  heard = () => { clearTimeout(timer); resolve(); };
  if (queue.length) heard();
});

async function work() {
  running = true;
  let more = false, followed = 0, cells = [], since = 0;
  const tell = (done) => {
    if (cells.length || done) send({ follow: followed, cells, done });
    cells = [];
    since = performance.now();
  };
  while (queue.length || more) {
    if (queue.length) {
      tell(false); // also of an update that is overtaken: what the page was told is not told again
      const request = queue.shift();
      const { ok } = await serve(request);
      if (ok && (request.do === "update" || request.do === "edit")) [more, followed] = [true, request.id];
    } else {
      const next = following();
      more = next !== null;
      cells.push(...(next ?? []));
      if (!more || !next.length || performance.now() - since > TOGETHER_MS) tell(!more);
      if (more && !next.length) await quiet(); // those that take long are next
    }
    await turn();
  }
  running = false;
}

// The next cells, none yet (an empty list), or null after the last.
function following() {
  try {
    return JSON.parse(follow());
  } catch (error) {
    console.error(error); // what is shown stays; the numbers above it are right
    return null;
  }
}

// Answers one request; the reply.
async function serve(request) {
  current = request.id;
  let reply;
  try {
    reply = request.do === "start" ? { ok: await start(request) } : JSON.parse(answer(JSON.stringify(request)));
  } catch (error) {
    reply = { error: { message: words(error) } };
  }
  send({ id: request.id, ...reply });
  return reply;
}

// The last line of what went wrong: a traceback says nothing to a reader.
const words = (error) => String(error?.message ?? error).trim().split("\n").pop();

async function start({ base, manifest, slug }) {
  const step = (progress, note) => send({ id: current, progress, note });
  step(0.05, "loading Python");
  const folder = new URL(manifest.pyodide, base).href;
  const library = load(new URL(manifest.library, base)).then((response) => response.arrayBuffer());
  const design = load(new URL(manifest.designs[slug], base)).then((response) => response.text());
  for (const loading of [library, design]) loading.catch(() => {}); // awaited below: until then a failure is nobody's
  const python = await loaded(folder, manifest.python);
  step(0.6, "loading the library");
  python.FS.writeFile("/lib/library.zip", new Uint8Array(await library));
  python.runPython("import sys; sys.path.insert(0, '/lib/library.zip'); import compiled; compiled.use()");
  const page = python.pyimport("handbook.live.page");
  step(0.8, "running the chapter's notebooks");
  const opened = page.open(await design, step);
  [answer, follow] = [opened.answer, opened.follow];
  return {};
}

// Pyodide, with its parts loaded at once. By itself it fetches one after the other, compiles only when its own script
// has run, and when its WebAssembly cannot be had it says so on the console and waits for ever: here that is an error.
async function loaded(folder, info) {
  const wasm = compiled(new URL("pyodide.asm.wasm", folder));
  const standard = load(new URL("python_stdlib.zip", folder));
  const started = Promise.all([import(`${folder}pyodide.mjs`), import(`${folder}pyodide.asm.mjs`)]).then(([{ loadPyodide }]) =>
    loadPyodide({
      indexURL: folder,
      stdLibURL: `${folder}python_stdlib.zip`,
      lockFileContents: { info, packages: {} },
      packages: [],
    }));
  const failed = new Promise((_, reject) => [wasm, standard].forEach((part) => part.catch(reject)));
  const [fetched, instantiate] = [self.fetch, WebAssembly.instantiateStreaming];
  self.fetch = (address, ...options) => {
    if (String(address).endsWith(".wasm")) return wasm; // taken up below
    return String(address).endsWith("/python_stdlib.zip") ? standard : fetched(address, ...options);
  };
  WebAssembly.instantiateStreaming = async (parts, imports) => {
    const module = await parts;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  try {
    return await Promise.race([started, failed]);
  } finally {
    self.fetch = fetched;
    WebAssembly.instantiateStreaming = instantiate;
  }
}

// A host may not know what WebAssembly is: then it is compiled when all of it is there.
async function compiled(address) {
  const response = await load(address);
  const known = /^application\/wasm/.test(response.headers.get("content-type"));
  return known ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname} could not be loaded (${response.status})`);
  return response;
}
