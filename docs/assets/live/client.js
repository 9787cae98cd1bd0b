// The page's side of the live worker: requests as promises, only the newest update computed, a hung run ended.

/** An error with what it is about: `.field` (an assumption), `.cell` (an anchor), `.line` (within the cell). */
export class LiveError extends Error {
  constructor({ message, field, cell, line }) {
    super(message);
    Object.assign(this, { field, cell, line });
  }
}

/** What a request that `cancel` ended rejects with. */
export const STOPPED = "stopped";

export class Live {
  /**
   * Load what a chapter computes with. `base` is the absolute address of `live/`; `onProgress(fraction, note)` while it
   * loads and simulates; `onCells(cells, done)` takes what follows an update or an edit: `[{anchor, outputs}]`, with
   * `outputs` null where a cell is as published again. Rejects with words for the reader.
   */
  static async start({ base, slug, manifest, onProgress = () => {}, onCells = () => {} }) {
    const live = new Live();
    Object.assign(live, { base: String(new URL(base, document.baseURI)), slug, onProgress, onCells });
    live.manifest = manifest ?? (await live.read("manifest.json", { cache: "no-cache" }));
    const design = live.read(live.manifest.designs[slug]);
    const [published] = await Promise.all([design, live.open()]);
    live.published = published;
    return live;
  }

  constructor() {
    this.waiting = new Map(); // id → {resolve, reject}
    this.edits = new Map(); // what a new worker must be told again,
    this.shown = new Set(); // and which cells do not show what was published
    this.last = 0;
  }

  async read(name, options) {
    const response = await fetch(new URL(name, this.base), options).catch(() => null);
    if (!response?.ok) throw new LiveError({ message: "The live numbers could not be loaded." });
    return response.json();
  }

  /** Start a worker and tell it what the one before knew. */
  async open() {
    this.worker = new Worker(new URL(this.manifest.worker, this.base), { type: "module" });
    this.worker.onmessage = ({ data }) => this.receive(JSON.parse(data));
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail("The live numbers could not be loaded in this browser.");
    };
    const { base, slug, manifest } = this;
    const started = this.send("start", { base, slug, manifest });
    this.ready = started.then(async () => {
      for (const edit of this.edits.values()) await this.send("edit", edit);
      if (this.shown.size) await this.send("shown", { anchors: [...this.shown] });
    });
    await this.ready;
  }

  receive(message) {
    if ("progress" in message) return this.onProgress(message.progress, message.note);
    if ("follow" in message) return this.follow(message);
    const { resolve, reject } = this.waiting.get(message.id) ?? {};
    this.waiting.delete(message.id);
    if (message.error) reject?.(new LiveError(message.error));
    else resolve?.(message.ok);
  }

  follow({ follow, cells, done }) {
    for (const { anchor, outputs } of cells) this.shown[outputs ? "add" : "delete"](anchor);
    this.onCells(cells, done && follow === this.following); // an older update's cells are told only once, so they count
  }

  fail(message) {
    for (const { reject } of this.waiting.values()) reject(new LiveError({ message }));
    this.waiting.clear();
  }

  send(verb, request) {
    const id = ++this.last;
    if (verb === "update" || verb === "edit") this.following = id;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage(JSON.stringify({ ...request, id, do: verb }));
    });
  }

  /**
   * Ask the worker. Of several updates in a row only the newest is computed: those that it overtakes resolve to null.
   * Rejects with a LiveError.
   */
  async call(verb, request = {}) {
    if (verb === "update") return this.update(request);
    if (verb === "start") return this.published;
    const { worker } = this;
    await this.ready;
    if (worker !== this.worker) throw new LiveError({ message: STOPPED }); // cancelled before it began
    const reply = await this.send(verb, request);
    if (verb === "edit") this.remember(request);
    return reply;
  }

  update(request) {
    this.next?.resolve(null); // overtaken
    const promise = new Promise((resolve, reject) => { this.next = { request, resolve, reject }; });
    if (!this.updating) this.drain();
    return promise;
  }

  async drain() {
    this.updating = true;
    while (this.next) {
      const { request, resolve, reject } = this.next;
      this.next = null;
      await this.ready.then(() => this.send("update", request)).then(resolve, reject);
    }
    this.updating = false;
  }

  remember({ notebook, anchor, source }) {
    const key = `${notebook} ${anchor}`;
    this.edits.delete(key);
    if (source !== null) this.edits.set(key, { notebook, anchor, source, values: {} });
  }

  /** End whatever runs, and start anew; what was asked for rejects with `.message` "stopped". */
  async cancel() {
    this.close();
    await this.open();
  }

  /** End the worker for good. */
  close() {
    this.worker.terminate();
    this.fail(STOPPED);
  }
}
