/** How sure the reader's own values are: each assumption drawn from its range, then each alone moved to both ends. */
import { button, make } from "./dom.js";

const SAMPLES = 1000; // an answer within a second

/** Two buttons for the panel's tools, and the place where their results stand. */
export function spread({ runtime, values, published, draw, tools }) {
  const place = make("div", { className: "levers-spread" });
  const wanted = new Set(
    [...document.querySelectorAll("[data-interval], .decision-words")]
      .map((element) => element.dataset.interval?.split(".").pop())
      .filter((name) => name && published.facts[name]),
  );
  const named = (name) => published.facts[name].label ?? name.replace(/_/g, " ");

  async function busy(asked, action) {
    asked.setAttribute("aria-busy", "true");
    asked.disabled = true;
    try {
      await action();
    } catch (error) {
      place.replaceChildren(make("p", { className: "levers-problem", role: "alert" }, error.message));
    }
    asked.disabled = false;
    asked.removeAttribute("aria-busy");
    if (document.activeElement === document.body) asked.focus();
  }

  async function intervals() {
    const of = wanted.size ? { of: [...wanted] } : {};
    const { facts } = await runtime.call("intervals", { values: values(), samples: SAMPLES, seed: 1, ...of });
    const lines = Object.entries(facts).map(([name, { p10, p50, p90 }]) =>
      make("tr", {}, make("th", { scope: "row" }, named(name)), ...Object.entries({ p10, p50, p90 }).map(([mark, text]) => make("td", { className: "number", "data-mark": mark }, text))),
    );
    const heads = ["For your values", "p10", "p50", "p90"].map((text) => make("th", { scope: "col" }, text));
    const body = make("tbody", {}, ...lines);
    place.replaceChildren(
      make("table", { className: "results spread" }, make("thead", {}, make("tr", {}, ...heads)), body),
      make("p", { className: "levers-note" }, "One in ten outcomes lies below p10, one in ten above p90, when each assumption is drawn from its range."),
    );
  }

  async function tornado(name) {
    const { chart } = await runtime.call("tornado", { values: values(), of: name });
    const figure = make("figure", { className: "chart" });
    await draw(chart, figure);
    const choice = make("select", { id: "tornado-of", onchange: () => busy(choice, () => tornado(choice.value)) });
    const candidates = [...new Set([...wanted, ...Object.keys(published.facts)])].filter((one) => published.facts[one].kind === "derived" || wanted.has(one));
    choice.append(...candidates.map((one) => make("option", { value: one, selected: one === name }, named(one))));
    place.replaceChildren(make("p", { className: "levers-choice" }, make("label", { for: choice.id }, "From your values, what moves this number most:"), choice), figure);
    choice.focus();
  }

  const first = () => [...wanted][0] ?? Object.keys(published.facts).find((name) => published.facts[name].kind === "derived");
  tools.append(
    button("Intervals", ({ currentTarget }) => busy(currentTarget, intervals)),
    button("What matters most", ({ currentTarget }) => busy(currentTarget, () => tornado(first()))),
  );
  return place;
}
