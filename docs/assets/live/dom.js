/** What the modules of the live page share: making elements, and HTML of the notebook made safe to insert. */

/** An element with properties; `data-…`, `aria-…`, `role` and `for` are set as attributes. Text is never read as HTML. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(data-|aria-|role$|for$)/.test(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

export const button = (text, action, properties = {}) =>
  make("button", { type: "button", onclick: action, ...properties }, text);

/** Words for those who hear the page; nothing to see. */
export const spoken = (text) => make("span", { className: "live-spoken" }, text);

const REFUSED = "script, iframe, object, embed, link, style, form, base, meta, foreignObject";

/** The nodes of HTML or SVG that the library wrote, without anything that could run. */
export function safe(text) {
  const { body } = new DOMParser().parseFromString(text, "text/html");
  for (const element of body.querySelectorAll(REFUSED)) element.remove();
  for (const element of body.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const runs = name.startsWith("on") || /^\s*(javascript|data|vbscript):/i.test(value);
      if (runs) element.removeAttribute(name);
    }
  }
  return [...body.childNodes];
}

/** `1 decision`, `3 decisions`. */
export const several = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
