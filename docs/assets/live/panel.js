/**
 * The live page: the reader's values, what follows from them, and where it shows.
 *
 * Loaded by docs/assets/scripts/live.js on the first touch. The runtime (client.js) runs the chapter's own notebook;
 * nothing is computed here. A value that the runtime refuses leaves everything at the last good state.
 */
import { bar } from "./bar.js";
import { cells } from "./cells.js";
import { Live, STOPPED } from "./client.js";
import { decisions, flipped } from "./decisions.js";
import { button, make, several } from "./dom.js";
import { editing } from "./editing.js";
import { marks } from "./marks.js";
import { address, copy, hasUnit, markdown, read } from "./share.js";
import { simulating } from "./simulating.js";
import { spread } from "./spread.js";

const SETTLED_MS = 700; // after the last change: one announcement, the address bar

const byName = (records) => Object.fromEntries(records.map((record) => [record.name, record]));

/** Start the runtime and bind the page. Returns what the starter can ask for. Rejects, in plain words, if it cannot. */
export async function open({ slug, live: base, manifest, rows, say, progress }) {
  const runtime = await Live.start({ base, slug, manifest, onProgress: progress });
  const published = { facts: byName(runtime.published.facts), decisions: byName(runtime.published.decisions) };
  const load = (name) => import(new URL(manifest[name], base).href);
  const texts = new Map(); // what the reader set and the runtime took: name → text, as typed
  let wanted = new Map(); // the same, with what was asked for since: an update that is overtaken must lose nothing
  let simulated = {}; // facts of simulations that the reader ran
  let reply = { facts: {}, decisions: published.decisions, cells: [], invariants: [], errors: {} };
  let timer = 0;

  const charts = async (spec, element, label) => (await load("vega")).draw(spec, element, label);
  const show = {
    facts: marks(slug, published.facts),
    decisions: decisions(slug, published.decisions),
    cells: cells(charts, (cell) => show.facts(changedFacts(), cell)),
  };
  const assumed = Object.values(published.facts).filter(({ kind }) => kind === "assumed" || kind === "sourced");
  const labels = Object.fromEntries(assumed.map(({ name, label }) => [name, label]));

  const values = () => Object.fromEntries(texts);
  const changedFacts = () => ({ ...simulated, ...reply.facts });

  /** Compute with `tried` instead of the reader's values; what is refused is said at its field and not kept. */
  async function compute(tried = new Map(wanted)) {
    wanted = tried;
    let answer;
    try {
      answer = await runtime.call("update", { values: Object.fromEntries(tried) });
    } catch (error) {
      if (error.message === STOPPED) return;
      if (wanted === tried) wanted = new Map(texts); // back to the last good state
      return say(error.message, "failed");
    }
    if (!answer) return; // overtaken by a newer one
    for (const [name, text] of tried) if (!(name in answer.errors)) texts.set(name, text);
    for (const name of texts.keys()) if (!tried.has(name)) texts.delete(name);
    if (wanted === tried) wanted = new Map(texts); // what was refused is not asked for again
    for (const [name, message] of Object.entries(answer.errors)) problem(name, message);
    await apply(answer);
  }

  async function apply(answer) {
    reply = answer;
    show.facts(changedFacts());
    show.decisions(answer.decisions);
    for (const row of rows.values()) follow(row);
    following.update(state());
    invariants(answer.invariants ?? []);
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLED_MS);
    await show.cells.show(answer.cells ?? []);
  }

  /** A row shows that it was changed, and its slider where the value is now. */
  function follow(row) {
    const shown = reply.facts[row.name];
    const own = texts.has(row.name);
    row.element.classList.toggle("lever-changed", own);
    row.element.classList.toggle("lever-moved", texts.size > (own ? 1 : 0)); // its marks hold for the published others
    row.element.classList.toggle("lever-own-unit", own && hasUnit(texts.get(row.name)));
    row.reset.hidden = !own;
    if (own && shown && row.input.getAttribute("aria-invalid") !== "true" && document.activeElement?.dataset.slider !== row.name) {
      row.show(row.input.value, row.input, shown.value);
    }
  }

  function problem(name, message) {
    const row = rows.get(name);
    if (!row) return (strangers.textContent = `${name}: ${message}`);
    row.problem.textContent = message;
    row.input.setAttribute("aria-invalid", "true");
    row.input.setAttribute("aria-describedby", row.problem.id);
    row.element.closest("details")?.setAttribute("open", "");
  }

  function fine(row) {
    row.problem.textContent = "";
    row.input.removeAttribute("aria-invalid");
    row.input.removeAttribute("aria-describedby");
  }

  function change(row, text) {
    fine(row);
    const next = new Map(wanted);
    if (text === null || text.trim() === row.text) {
      next.delete(row.name);
      row.show(row.text, null, row.scale?.published);
    } else next.set(row.name, text);
    return compute(next);
  }

  function reset() {
    for (const row of rows.values()) {
      fine(row);
      row.show(row.text, null, row.scale?.published);
    }
    simulated = {};
    show.cells.restore();
    strangers.textContent = "";
    edits.reset();
    return compute(new Map());
  }

  const state = () => ({
    changed: [...texts.keys()].map((name) => ({ name, text: texts.get(name), shown: reply.facts[name]?.full, row: rows.get(name), label: labels[name] })),
    facts: Object.keys(changedFacts()).filter((name) => !(name in labels)).length,
    flipped: flipped(reply.decisions, published.decisions),
  });

  function settle() {
    const { changed, facts, flipped: turned } = state();
    history.replaceState(history.state, "", address(texts));
    document.documentElement.classList.toggle("is-yours", changed.length + facts > 0);
    if (!changed.length && !facts) return say("All values are as published.", "idle");
    const flips = turned.map(([, choice]) => choice.chosen).join("; ");
    say(
      `${several(changed.length, "assumption")} changed; ${several(facts, "number")} follow. ` +
        (turned.length ? `${several(turned.length, "decision")} flipped: ${flips}.` : "No decision flips."),
      "yours",
    );
  }

  function invariants(broken) {
    holds.replaceChildren(...broken.map(({ words, what }) => make("li", {}, words ?? what)));
    holds.hidden = !broken.length;
  }

  /** A colleague's link. Its texts go to the notebook's parser and into fields, never into the page as HTML. */
  function link(search) {
    const given = read(search);
    const unknown = given.filter(([name]) => !Object.hasOwn(labels, name)).map(([name]) => `“${name.slice(0, 40)}”`);
    const spaced = (text) => text.replace(/^([\d.,]+)([a-z%]+)$/i, "$1 $2");
    const next = new Map(given.filter(([name]) => Object.hasOwn(labels, name)).map(([name, text]) => [name, spaced(text)]));
    strangers.textContent = unknown.length ? `This chapter has no assumption called ${unknown.join(", ")}; the rest of the link was taken.` : "";
    for (const [name, text] of next) rows.get(name)?.show(text);
    return next.size ? compute(next) : following.update(state());
  }

  function asMarkdown() {
    const texted = (name, shown) => [published.facts[name]?.label ?? name, published.facts[name]?.full, shown.full];
    return markdown({
      title: document.title.split(" - ")[0],
      link: address(texts, ""),
      changed: state().changed.map(({ name, label, text, shown }) => [label, published.facts[name].full, shown ?? text]),
      facts: Object.entries(changedFacts()).filter(([name]) => !(name in labels)).map(([name, shown]) => texted(name, shown)),
      decisions: Object.entries(reply.decisions).map(([name, choice]) => [
        choice.chosen,
        choice.words ?? `${choice.left} ${choice.sign} ${choice.right}`,
        choice.holds === published.decisions[name].holds ? "as published" : `**flipped**; published: ${published.decisions[name].chosen}`,
      ]),
    });
  }

  runtime.onCells = show.cells.show; // those that take longer follow one by one
  const tools = {
    reset,
    link: (asked) => copy(address(texts), asked),
    markdown: (asked) => copy(asMarkdown(), asked),
  };
  const holds = make("ul", { className: "levers-invariants", hidden: true, "aria-label": "Laws that these values break" });
  const strangers = make("p", { className: "levers-problem" });
  const following = bar({ tools });
  const edits = editing({ runtime, load, values, apply, say });
  const status = document.querySelector(".levers-status");
  const row = make("div", { className: "levers-tools" });
  row.append(
    button("Reset all", reset),
    button("Copy link", ({ currentTarget }) => tools.link(currentTarget)),
    button("Copy as Markdown", ({ currentTarget }) => tools.markdown(currentTarget)),
  );
  status?.after(strangers, holds, row, spread({ runtime, values, published, draw: charts, tools: row }));
  say("Ready. Every change is computed in your browser by the chapter's own notebook.", "idle");

  return {
    open: () => {},
    change,
    link,
    edit: edits.open,
    simulate: simulating({
      runtime,
      values,
      say,
      again: () => compute(), // a new worker knows neither the values nor which cells show them
      done(answer) {
        simulated = { ...simulated, ...answer.facts };
        return apply({ ...reply, cells: answer.cells });
      },
    }),
  };
}
