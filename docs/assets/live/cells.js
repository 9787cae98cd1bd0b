/** What the cells of the notebook show, for the reader's values; the published outputs come back with them. */
import { make, safe } from "./dom.js";

/** An output as the page holds it. A chart is drawn by `draw(spec, element)`, which may load what it needs first. */
async function shown({ kind, data, caption, label }, draw) {
  const output = make("div", { className: "cell-output" });
  const figure = () => {
    const chart = make("figure", { className: "chart" });
    output.append(chart);
    return chart;
  };
  if (kind === "html") output.append(...safe(data));
  else if (kind === "svg") figure().append(...safe(data));
  else if (kind === "vega") await draw(data, figure(), label).catch((error) => output.append(`No chart: ${error.message}`));
  else output.append(make("pre", {}, data));
  if (caption && output.firstElementChild?.matches("figure")) {
    output.firstElementChild.append(make("figcaption", {}, caption));
  }
  return output;
}

/**
 * Binds the outputs of the cells. `show(cells)` takes those that changed, each `{anchor, outputs}`, with null for one
 * that is as published again; `restore()` brings all published ones back; `drawn(cell)` is called for each that changed.
 */
export function cells(draw, drawn) {
  const published = new Map(); // anchor → the outputs that the build wrote
  const latest = new Map(); // anchor → what is wanted now; a chart may be drawn later than a newer one is asked for

  function put(cell, outputs) {
    const old = [...cell.querySelectorAll(":scope > .cell-output")];
    if (!published.has(cell.id)) published.set(cell.id, old);
    const place = old[0] ? make("i") : null;
    if (place) old[0].before(place);
    old.forEach((output) => output.remove());
    const now = outputs ?? published.get(cell.id);
    if (place) place.replaceWith(...now);
    else cell.append(...now);
    cell.classList.toggle("cell-yours", outputs !== null);
    drawn(cell);
  }

  async function one({ anchor, outputs }) {
    const cell = document.getElementById(anchor);
    if (!cell || (outputs === null && !published.has(anchor))) return;
    latest.set(anchor, outputs);
    const made = outputs && (await Promise.all(outputs.map((output) => shown(output, draw))));
    if (latest.get(anchor) === outputs) put(cell, made);
  }

  return {
    show: (changed) => Promise.all(changed.map(one)),
    restore: () => Promise.all([...published.keys()].map((anchor) => one({ anchor, outputs: null }))),
  };
}
