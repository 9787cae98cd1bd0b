/**
 * What the theme leaves to the pointer, for the keyboard too: its header's signs (menu, search) are labels that nothing
 * can focus, so they become buttons; and a box that scrolls can be reached, to scroll it.
 */
{
  const NAMES = { __drawer: "Menu", __search: "Search" };

  for (const label of document.querySelectorAll("label.md-header__button")) {
    const toggle = document.getElementById(label.htmlFor);
    const name = NAMES[label.htmlFor];
    if (!toggle || !name) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    button.dataset.opens = label.htmlFor;
    button.setAttribute("aria-label", name);
    button.append(...label.childNodes);
    button.addEventListener("click", () => toggle.click());
    toggle.addEventListener("change", () => button.setAttribute("aria-expanded", toggle.checked));
    button.setAttribute("aria-expanded", toggle.checked);
    label.replaceWith(button);
  }

  /** All are measured before one is changed: a change between two measurements would lay the whole page out again. */
  const reach = (found) => {
    const measured = found.map((box) => [box, box.scrollWidth > box.clientWidth]);
    for (const [box, scrolls] of measured) {
      if (scrolls === box.hasAttribute("tabindex")) continue;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  const observer = new ResizeObserver((entries) => reach(entries.map(({ target }) => target)));
  const boxes = ".md-typeset pre > code, .md-typeset table, .cell-output, .chart, .table-scroll, .md-typeset__scrollwrap";
  document.querySelectorAll(boxes).forEach((box) => observer.observe(box));
  // A reader's own numbers may make what is in a box wider than the box. What is folded away is not laid out for this:
  // the observer of sizes tells when it is unfolded.
  let frame = 0;
  const changes = new MutationObserver(() => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      reach([...document.querySelectorAll(boxes)].filter((box) => !box.closest("details:not([open])")));
    });
  });
  const watch = (one) => changes.observe(one, { childList: true, subtree: true });
  setTimeout(() => document.querySelectorAll("article").forEach(watch)); // not what our own scripts begin with
}
