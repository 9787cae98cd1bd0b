/** The bar that follows the reader: what was changed, what it turned over, and the sliders of what was changed. */
import { button, make, several } from "./dom.js";

/** Builds the bar; hidden until something is changed. `update(state)` keeps it current. */
export function bar({ tools }) {
  const counts = make("span", { className: "live-counts" });
  const chevron = make("span", { className: "live-chevron", "aria-hidden": "true" });
  const list = make("ul", { className: "live-changes", id: "live-changes", hidden: true });
  const toggle = button("", () => unfold(list.hidden), { className: "live-toggle", "aria-expanded": "false", "aria-controls": "live-changes" });
  toggle.append(counts, chevron);
  const close = button("×", () => fold(true), { className: "live-close", "aria-label": "Close this bar" });
  const jump = make("a", { href: "#assumptions", className: "live-jump" }, "All assumptions");
  const actions = make("div", { className: "live-actions" });
  actions.append(
    ...(document.getElementById("assumptions") ? [jump] : []),
    button("Copy link", ({ currentTarget }) => tools.link(currentTarget)),
    button("Markdown", ({ currentTarget }) => tools.markdown(currentTarget), { "aria-label": "Copy as Markdown" }),
    button("Reset all", () => tools.reset()),
  );
  const box = make("section", { className: "live-bar", "aria-label": "Your values", hidden: true });
  const again = button("Your values", () => fold(false), { className: "live-again", hidden: true });
  const top = make("div", { className: "live-top" });
  top.append(toggle, actions, close);
  box.append(list, top);
  document.body.append(box, again);

  const turned = make("li", { className: "live-turned", hidden: true });
  list.append(turned);
  const shown = new Map(); // name → its line, so that a slider under a finger stays where it is

  /** A decision's name, as a link where the page holds its card. */
  function place(name, chosen) {
    const id = `decision-${name}`;
    return document.getElementById(id) ? make("a", { href: `#${id}` }, chosen) : chosen;
  }

  function unfold(open) {
    list.hidden = !open;
    toggle.setAttribute("aria-expanded", open);
  }

  function fold(closed) {
    box.hidden = closed;
    again.hidden = !closed;
    (closed ? again : toggle).focus();
  }

  function line({ name, row, label }) {
    const value = make("output", { className: "live-value" });
    const item = make("li", {}, make("span", { className: "live-label" }, label), value);
    if (row?.scale) item.append(row.slider());
    if (row) item.append(button("Reset", () => (toggle.focus(), row.reset.click()), { "aria-label": `Reset: ${label}` }));
    shown.set(name, { item, value });
    return shown.get(name);
  }

  return {
    update({ changed, facts, flipped }) {
      for (const [name, { item }] of shown) {
        if (changed.some((one) => one.name === name)) continue;
        item.remove();
        shown.delete(name);
      }
      for (const one of changed) {
        const { item, value } = shown.get(one.name) ?? line(one);
        value.textContent = one.shown ?? one.text;
        if (!item.isConnected) list.append(item);
      }
      counts.replaceChildren(
        make("strong", {}, changed.length ? `${changed.length} changed` : "Your run"),
        make("span", { className: flipped.length ? "live-flips" : "" }, flipped.length ? `${several(flipped.length, "decision")} flipped` : `${several(facts, "number")} follow`),
      );
      turned.hidden = !flipped.length;
      turned.replaceChildren("Flipped: ", ...flipped.flatMap(([name, { chosen }], number) => [number ? "; " : "", place(name, chosen)]));
      again.textContent = `Your values (${changed.length})`;
      const any = changed.length > 0 || facts > 0;
      if (!any) {
        if (box.contains(document.activeElement)) document.querySelector(".levers .lever-slider")?.focus();
        box.hidden = again.hidden = true;
      } else if (again.hidden) box.hidden = false;
      document.documentElement.classList.toggle("has-live-bar", any && !box.hidden);
    },
  };
}
