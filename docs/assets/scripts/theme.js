/**
 * The theme's own script waits for the reader's first move: most of it serves search, the colours and the contents'
 * highlight, which nobody needs before. Without it the page reads as it does without JavaScript.
 *
 * A click that comes before the script has arrived is held back and done again; so is a key that opens the search.
 */
const { theme } = document.querySelector("script[data-theme]")?.dataset ?? {};

if (theme) {
  const MOVES = ["pointerdown", "pointermove", "touchstart", "scroll", "keydown", "focusin", "wheel"];
  const LATE = "[data-md-component=palette] label, label[for=__search], button[data-opens=__search], .md-search";
  const KEYS = ["/", "s", "f"];
  let held = null;

  // The theme begins when it hears that the document has been read, which was long ago. It would wrap each table that has
  // no class, and so move the page under the reader: ours scroll by themselves.
  const begin = () => {
    const tables = document.querySelectorAll("table:not([class])");
    tables.forEach((table) => table.setAttribute("class", ""));
    document.dispatchEvent(new Event("DOMContentLoaded"));
    tables.forEach((table) => table.removeAttribute("class"));
  };

  const load = () => {
    MOVES.forEach((move) => removeEventListener(move, load, true));
    const script = document.createElement("script");
    script.src = theme;
    script.addEventListener("load", () => {
      begin();
      removeEventListener("click", hold, true);
      removeEventListener("keydown", hold, true);
      held?.();
    });
    document.head.append(script);
  };

  const hold = (event) => {
    const { target, key, altKey, ctrlKey, metaKey } = event;
    if (event.type === "click") {
      const control = target.closest?.(LATE);
      if (!control) return;
      held = () => target.click();
    } else {
      const writing = target.closest?.("input, textarea, select, [contenteditable]");
      if (!KEYS.includes(key) || altKey || ctrlKey || metaKey || writing) return;
      held = () => document.querySelector("[data-md-component=search-query]")?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };

  MOVES.forEach((move) => addEventListener(move, load, { capture: true, passive: true }));
  addEventListener("click", hold, true);
  addEventListener("keydown", hold, true);
  // A shared search, and tabs, which it draws a line under.
  if (new URLSearchParams(location.search).has("q") || document.querySelector(".tabbed-set")) load();
}
