/** The reader's values outside the page: in a link, as Markdown, on the clipboard. */
import { button, make } from "./dom.js";

/** What a link may carry that is not ours: the theme's search, and the marks of those who count visits. */
const FOREIGN = /^(h|q|utm_\w+|ref|fbclid|gclid)$/;

/** Name → text, as a link's query gives them. Nothing is checked here: the notebook's own parser does. */
export const read = (search) => [...new URLSearchParams(search)].filter(([name]) => !FOREIGN.test(name));

/** Whether a text names its unit: "30 min", not "30", "30k" or "30 million". */
export const hasUnit = (text) => /[a-z%$µ]/i.test(text.replace(/\d(e[-+]?\d+)?\s*([kKMGBT]|bn|thousand|million|billion|trillion)?\s*$/i, ""));

/** The address of this page with the reader's values: `?campaign_window=30min`. */
export function address(texts, hash = location.hash) {
  const query = new URLSearchParams([...texts].map(([name, text]) => [name, text.replace(/\s+/g, "")]));
  return `${location.origin}${location.pathname}${texts.size ? `?${query}` : ""}${hash}`;
}

const cell = (text) => String(text ?? "").replace(/\|/g, "\\|").replace(/\s+/g, " ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** What was changed, what follows, what is decided: a table each. */
export function markdown({ title, link, changed, facts, decisions }) {
  const parts = [`# ${title}: with other assumptions`, `[The same state in the page](${link})`];
  parts.push("## Changed assumptions", table(["Assumption", "Published", "Changed to"], changed));
  if (facts.length) parts.push("## What follows", table(["Number", "Published", "With these values"], facts));
  if (decisions.length) parts.push("## Decisions", table(["Decision", "Because", ""], decisions));
  return `${parts.join("\n\n")}\n`;
}

/** Copy, and say so on the button. Where there is no clipboard, the text is shown, selected. */
export async function copy(text, asked) {
  try {
    await navigator.clipboard.writeText(text);
    const words = (asked.dataset.words ??= asked.textContent);
    asked.textContent = "Copied";
    setTimeout(() => (asked.textContent = words), 1800);
  } catch {
    const area = make("textarea", { readOnly: true, value: text, rows: 8 });
    const dialog = make("dialog", { className: "live-copy", "aria-label": "To copy" });
    dialog.append(make("p", {}, "Copy this:"), area, button("Close", () => dialog.close()));
    dialog.addEventListener("close", () => (dialog.remove(), asked.focus()));
    document.body.append(dialog);
    dialog.showModal();
    area.select();
  }
}
