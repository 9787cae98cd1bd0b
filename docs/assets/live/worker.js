// Runs a chapter's notebooks in the page: Python as WebAssembly in a worker of its own, so that the page never waits.
// Requests and replies are JSON strings; between requests it brings the cells of the last update up to date.

const queue = [];
let answer, follow, current, running = false;

const send = (message) => postMessage(JSON.stringify(message));
const turn = () => new Promise((resolve) => { // lets a newer request in
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); resolve(); };
  channel.port2.postMessage(null);
});

onmessage = ({ data }) => {
  queue.push(JSON.parse(data));
  if (!running) work();
};

async function work() {
  running = true;
  let more = false;
  while (queue.length || more) {
    if (queue.length) {
      more = await serve(queue.shift());
    } else {
      let cells = null;
      try {
        cells = JSON.parse(follow());
      } catch (error) {
        console.error(error); // what is shown stays; the numbers above it are right
      }
      more = cells !== null;
      send({ follow: current, cells: cells ?? [], done: !more });
    }
    await turn();
  }
  running = false;
}

// Answers one request. True when cells follow.
async function serve(request) {
  current = request.id;
  try {
    const reply = request.do === "start" ? { ok: await start(request) } : JSON.parse(answer(JSON.stringify(request)));
    send({ id: request.id, ...reply });
    return "ok" in reply && (request.do === "update" || request.do === "edit");
  } catch (error) {
    send({ id: request.id, error: { message: words(error) } });
    return false;
  }
}

// The last line of what went wrong: a traceback says nothing to a reader.
const words = (error) => String(error?.message ?? error).trim().split("\n").pop();

async function start({ base, manifest, slug }) {
  const step = (progress, note) => send({ id: current, progress, note });
  step(0.05, "loading Python");
  const folder = new URL(manifest.pyodide, base).href;
  const bytes = (name) => load(new URL(name, base)).then((response) => response.arrayBuffer());
  const library = bytes(manifest.library);
  const design = load(new URL(manifest.designs[slug], base)).then((response) => response.text());
  library.catch(() => {}), design.catch(() => {}); // awaited below: until then a failure is nobody's
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const python = await unlessItFails(() => loadPyodide({
    indexURL: folder,
    stdLibURL: `${folder}python_stdlib.zip`,
    lockFileContents: { info: manifest.python, packages: {} },
    packages: [],
  }));
  step(0.6, "loading the library");
  python.FS.writeFile("/lib/library.zip", new Uint8Array(await library));
  python.runPython("import sys; sys.path.insert(0, '/lib/library.zip')");
  step(0.7, "running the chapter's notebooks");
  const opened = python.pyimport("handbook.live.page").open(await design, step);
  [answer, follow] = [opened.answer, opened.follow];
  return {};
}

// Pyodide only logs that its WebAssembly cannot be fetched, and then waits for ever: here that is an error.
async function unlessItFails(loading) {
  const usual = self.fetch;
  const failed = new Promise((_, reject) => {
    self.fetch = (...asked) => usual(...asked).then((response) => {
      if (!response.ok) throw new Error(`${new URL(response.url).pathname} could not be loaded (${response.status})`);
      return response;
    }).catch((error) => { reject(error); throw error; });
  });
  try {
    return await Promise.race([loading(), failed]);
  } finally {
    self.fetch = usual;
  }
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname} could not be loaded (${response.status})`);
  return response;
}
