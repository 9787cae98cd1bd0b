/**
 * Every number that is bound to a fact, wherever it stands: in prose, in tables, in the labels of a diagram.
 *
 * A number that the reader's values change shows both, published → yours. Assistive technology hears the two words.
 */
import { make, spoken } from "./dom.js";

const SMALLEST = 0.72; // a diagram's label shrinks to this, rather than leave its box,
const ROOM = 8; // which has room for so many characters however short the published label

/** How an element shows its fact: with what is counted, or without. */
function form(text, published, shown) {
  const says = (candidate) => candidate === text;
  return says(published.full) || (says(shown?.full) && !says(shown?.text)) ? "full" : "text";
}

function html(element, before, now) {
  const after = [make("del", {}, spoken("published "), before), " ", make("ins", {}, spoken("yours "), now)];
  element.replaceChildren(...(before === now ? [now] : after));
}

function label(element, before, now) {
  element.replaceChildren(now);
  if (before === now) return element.style.removeProperty("font-size");
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = `published ${before}, yours ${now}`;
  element.append(title);
  const room = Math.max(SMALLEST, Math.min(1, Math.max(ROOM, before.length) / now.length));
  element.style.fontSize = `${room}em`;
}

/** Binds the facts of a design. `published`: name → Shown. Returns what applies the changed ones to the page, or a part. */
export function marks(slug, published) {
  const first = new WeakMap(); // what an element showed when it was first seen
  const shows = new WeakMap();

  function one(element, changed) {
    const name = element.dataset.fact.slice(slug.length + 1);
    const told = published[name];
    if (!told) return;
    const yours = changed[name];
    if (!first.has(element)) first.set(element, form(element.textContent, told, yours));
    const kind = first.get(element);
    const now = (yours ?? told)[kind];
    if (shows.get(element) === now || (!yours && !shows.has(element))) return;
    shows.set(element, now);
    (element.ownerSVGElement ? label : html)(element, told[kind], now);
    element.classList.toggle("fact-changed", now !== told[kind]);
  }

  return function apply(changed, within = document) {
    for (const element of within.querySelectorAll(`[data-fact^="${slug}."]`)) {
      if (!element.closest(".lever-published")) one(element, changed);
    }
    if (within !== document) return;
    const detail = Object.fromEntries(Object.entries(changed).map(([name, shown]) => [`${slug}.${name}`, shown]));
    document.dispatchEvent(new CustomEvent("facts-changed", { detail })); // for the card that answers where one is from
  };
}
