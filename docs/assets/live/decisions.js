/** Decisions: which alternative the reader's values choose. One that turned over says so, and by what. */
import { make } from "./dom.js";

/** The comparison in words; the library's own where it gives them. */
const words = (choice) => choice.words ?? `${choice.left} ${choice.sign} ${choice.right}`;

function showWords(element, published, now) {
  if (!element) return;
  const both = [make("del", {}, published), " ", make("ins", {}, now)];
  element.replaceChildren(...(published === now ? [now] : both));
}

/** What stands above the published decision: the other one, and the comparison that now decides. */
function flip(element, choice) {
  const reason = words(choice).replace(" is ", " is now ");
  const parts = [make("strong", { className: "decision-sign" }, "Flipped"), ` ${reason}, so: `, make("strong", {}, choice.chosen), "."];
  return make(element.matches("li") ? "span" : "p", { className: "decision-yours" }, ...parts);
}

/** Binds the decisions of a design. `published`: name → Choice. Returns what shows the reader's choices. */
export function decisions(slug, published) {
  const shows = new WeakMap();

  return function apply(choices) {
    for (const element of document.querySelectorAll(`[data-decision^="${slug}."]`)) {
      const name = element.dataset.decision.slice(slug.length + 1);
      const choice = choices[name];
      const shown = choice && JSON.stringify(choice);
      if (!choice || shows.get(element) === shown) continue;
      shows.set(element, shown);
      const flipped = choice.holds !== published[name].holds;
      for (const old of element.querySelectorAll(".decision-yours, .decision-before")) old.remove();
      element.classList.toggle("decision-flipped", flipped);
      const before = words(published[name]);
      showWords(element.querySelector(".decision-words"), before, flipped ? before : words(choice));
      if (!flipped) continue;
      element.querySelector("strong").before(make("span", { className: "decision-before" }, "Published: "));
      element.prepend(flip(element, choice));
    }
  };
}

/** The decisions that are another one than published. */
export const flipped = (choices, published) =>
  Object.entries(choices).filter(([name, choice]) => choice.holds !== published[name]?.holds);
