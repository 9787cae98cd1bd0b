/**
 * The part of the live page that every reader loads: inputs and sliders in the table of assumptions, buttons on cells.
 *
 * Nothing under `live/` is fetched before a reader touches one of them. What was touched is kept, and done as soon as
 * the rest is there: the panel (docs/assets/live/panel.js), which starts Python and recomputes the page. Without it the
 * published numbers stay, and the status line says why.
 */
const known = document.getElementById("live-page");

const SCALES = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1e4, " thousand"]];

/** A number as it stands in an input: "325 million", "0.25". */
function written(value, digits = 12) {
  const size = Math.abs(value);
  const [scale, word] = SCALES.find(([from]) => size >= from) ?? [1, ""];
  const divisor = word === " thousand" ? 1e3 : scale;
  return (+(value / divisor).toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: 15 }) + word;
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The mapping between an assumption and a slider of 0 to 100; over decades where its range spans some. */
function scaleOf({ value, low, high }) {
  const decades = low > 0 && high / low >= 4;
  const at = decades ? (x) => Math.log(x / low) / Math.log(high / low) : (x) => (x - low) / (high - low);
  const from = decades ? (p) => low * (high / low) ** p : (p) => low + (high - low) * p;
  const fine = Math.max(3, Math.ceil(Math.log10(Math.abs(high) / (high - low))) + 2); // 99.95, not 100
  const position = (x) => Math.min(1, Math.max(0, at(x)));
  return {
    position,
    text: (p) => (p <= 0 ? written(low) : p >= 1 ? written(high) : written(from(p), decades ? 3 : fine)),
    published: value,
  };
}

function slider(row) {
  const { label, unit, scale } = row;
  const input = make("input", { type: "range", className: "lever-slider", min: 0, max: 100, step: 0.5 });
  input.setAttribute("aria-label", label);
  input.dataset.slider = row.name;
  const show = (text) => input.setAttribute("aria-valuetext", `${text} ${unit}`);
  input.value = row.sliders[0]?.input.value ?? 100 * scale.position(scale.published); // another one stands where the first does
  show(row.input?.value ?? row.text);
  input.addEventListener("input", () => {
    const text = scale.text(input.value / 100);
    show(text);
    row.show(text, input);
    touch("change", row, text);
  });
  row.sliders.push({ input, show });
  return input;
}

/** The controls of one assumption; a bar may add another slider to it. */
function control(element) {
  const { lever: name, unit, value, low, high, flips } = element.dataset;
  const label = element.cells[0].textContent;
  const row = { name, unit, label, element, sliders: [], text: written(+value), slider: () => slider(row) };
  if (low !== undefined) row.scale = scaleOf({ value: +value, low: +low, high: +high });
  const id = `value-${name}`;
  const input = (row.input = make("input", { id, type: "text", value: row.text, autocomplete: "off", spellcheck: false }));
  input.dataset.assumption = `${config.slug}.${name}`;
  input.setAttribute("aria-label", unit ? `${label}, in ${unit}` : label);
  row.problem = make("p", { id: `${id}-problem`, className: "lever-problem" });
  row.reset = make("button", { type: "button", className: "lever-reset", hidden: true }, "Reset");
  row.reset.setAttribute("aria-label", `Reset: ${label}`);
  row.reset.addEventListener("click", () => (input.focus(), touch("change", row, null)));
  input.addEventListener("change", () => touch("change", row, input.value));

  /** Show a value in every control but the one that it came from; `position` where the text has a unit of its own. */
  row.show = (text, from, position) => {
    if (from !== input) input.value = text;
    for (const { input: other, show } of row.sliders) {
      if (other === from) continue;
      if (position !== undefined) other.value = 100 * row.scale.position(position);
      else if (from) other.value = from.value;
      show(text);
    }
  };
  const [, cell, range] = element.cells;
  cell.firstElementChild.classList.add("lever-published");
  cell.prepend(make("span", { className: "lever-field" }, input, make("span", { className: "lever-unit" }, unit)));
  cell.append(row.reset, row.problem);
  if (row.scale) {
    const marks = make("div", { className: "lever-marks" });
    for (const at of JSON.parse(flips ?? "[]")) {
      const mark = make("i", { className: "lever-flip" });
      mark.style.left = `${100 * row.scale.position(at)}%`;
      marks.append(mark);
    }
    range.prepend(make("div", { className: "lever-track" }, row.slider(), marks));
  }
  return row;
}

let panel = null; // what is loaded; a promise
const waiting = [];

function say(text, state) {
  for (const line of document.querySelectorAll(".levers-status")) {
    line.textContent = text;
    line.dataset.state = state;
  }
}

/** What the reader did; done now, or when the panel is there. Of several values of one assumption the last counts. */
function touch(action, ...details) {
  if (panel?.ready) return panel.ready[action](...details);
  const same = ([other, row]) => !(action === "change" && other === "change" && row === details[0]);
  waiting.splice(0, waiting.length, ...waiting.filter(same), [action, ...details]);
  panel ??= load();
}

/** A finger, a mouse button or a key on a control is the first touch already: the value comes later. Passing by is none. */
function early({ type, key, target }) {
  const passing = type === "keydown" && ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"].includes(key);
  if (!panel && !passing && target.closest(".lever-field, .lever-slider, .cell-run")) touch("open");
}

async function load() {
  const percent = (done) => say(`Loading Python and this chapter's notebook: ${Math.round(100 * done)}%`, "busy");
  percent(0);
  try {
    const answer = await fetch(`${config.live}manifest.json`, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.url} is missing`);
    const manifest = await answer.json();
    const { open } = await import(config.live + manifest.panel);
    const ready = await open({ ...config, manifest, rows, say, progress: percent });
    panel.ready = ready;
    for (const [action, ...details] of waiting.splice(0)) ready[action](...details);
  } catch (error) {
    console.warn(error);
    panel = null;
    waiting.length = 0;
    for (const row of rows.values()) row.show(row.text, null, row.scale?.published);
    say(`The numbers cannot be recomputed here: ${error.message}. The published ones stay. `, "failed");
    const again = make("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => touch("open"));
    document.querySelector(".levers-status")?.append(again);
  }
}

function buttons(cell) {
  const simulates = cell.dataset.notebook === "simulate";
  const words = simulates ? "Run this simulation" : "Edit and run";
  const button = make("button", { type: "button", className: "cell-run" }, words);
  button.addEventListener("click", () => touch(simulates ? "simulate" : "edit", cell, button));
  cell.append(button);
}

const config = known && JSON.parse(known.textContent);
const rows = new Map();

if (config && typeof WebAssembly === "object" && typeof Worker === "function") {
  config.live = new URL(config.live, location.href).href;
  for (const element of document.querySelectorAll(".lever")) rows.set(element.dataset.lever, control(element));
  document.querySelectorAll(".cell[data-notebook]").forEach(buttons);
  // Not the whole document: the style of every element in it would be worked out again.
  document.querySelectorAll(".levers").forEach((panel) => panel.classList.add("is-live"));
  say("Move a slider or type a value: the numbers, charts and decisions of the whole chapter follow.", "idle");
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, early, { passive: true });
  const given = [...new URLSearchParams(location.search).keys()].filter((name) => !/^(h|q|ref|utm_.*)$/.test(name));
  if (given.length) {
    if (!document.querySelector(".levers-status")) { // a page without the panel, such as the cheat sheet
      const status = make("p", { className: "levers-status" });
      status.setAttribute("role", "status");
      document.querySelector("article h1")?.after(status);
    }
    touch("link", location.search); // a colleague's values
  }
}
