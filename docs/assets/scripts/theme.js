/**
 * The theme's own script waits for the reader's first move: most of it serves search, the colours and the contents'
 * highlight, which nobody needs before. Without it the page reads as it does without JavaScript.
 *
 * A click that comes before the script has arrived is held back and done again; so is a key that opens the search.
 */
const tabs = document.querySelector(".tabbed-set"); // which the theme draws a line under
// Tables, code and both columns beside the page scroll by themselves: the theme would move them under the reader.
const done = tabs ? [] : document.querySelectorAll("[data-md-component=content], [data-md-component=sidebar]");
done.forEach((part) => part.removeAttribute("data-md-component"));
// Where the page stands in the column of pages is brought into view once, as the browser comes to lay it out.
const column = document.querySelector(".md-sidebar--primary .md-sidebar__scrollwrap");
const here = column?.querySelector(".md-nav__link--active[href]");
if (here && matchMedia("(min-width: 76.25em)").matches) {
  const centre = ([{ intersectionRatio, boundingClientRect: link, rootBounds: shown }], observer) => {
    if (intersectionRatio < 1) column.scrollTop += link.top - shown.top - shown.height / 2;
    observer.disconnect();
  };
  new IntersectionObserver(centre, { root: column }).observe(here);
}

const { theme } = document.querySelector("script[data-theme]")?.dataset ?? {};

if (theme) {
  const MOVES = ["pointerdown", "pointermove", "touchstart", "scroll", "keydown", "focusin", "wheel"];
  const LATE = "[data-md-component=palette] label, label[for=__search], button[data-opens=__search], .md-search";
  const KEYS = ["/", "s", "f"];
  let held = null;

  const load = () => {
    MOVES.forEach((move) => removeEventListener(move, load, true));
    const script = document.createElement("script");
    script.src = theme;
    script.addEventListener("load", () => {
      document.dispatchEvent(new Event("DOMContentLoaded")); // at which it begins, and which was long ago
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
  if (new URLSearchParams(location.search).has("q") || tabs) load(); // a search that somebody shared
}
