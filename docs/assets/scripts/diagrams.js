/**
 * "Enlarge" opens a diagram over the whole window, to scroll and zoom. Without JavaScript it is a plain link to the file.
 *
 * The drawing itself moves into the dialog and back: its links, its theme and its numbers keep working, and no id
 * exists twice.
 */
{
  const STEP = 1.35;
  let zoom = 1;
  let moved = null; // {scroller, holder}: what is in the dialog, and what keeps its place in the page

  const button = (text, label, action) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", label);
    element.addEventListener("click", action);
    return element;
  };

  const setZoom = (value) => {
    zoom = Math.min(6, Math.max(1, value));
    dialog.style.setProperty("--zoom", zoom);
  };

  const dialog = document.createElement("dialog");
  dialog.className = "diagram-dialog md-typeset";
  const bar = document.createElement("div");
  bar.className = "diagram-bar";
  const title = document.createElement("span");
  title.id = "diagram-dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  bar.append(
    title,
    button("−", "Smaller", () => setZoom(zoom / STEP)),
    button("+", "Larger", () => setZoom(zoom * STEP)),
    button("Close", "Close", () => dialog.close()),
  );
  dialog.append(bar);

  /** The whole picture first, fitted to the window: on a phone the page shows only a part of a wide one. */
  function open(figure) {
    const scroller = figure.querySelector(".diagram-scroll");
    const holder = document.createElement("div");
    holder.style.height = `${scroller.offsetHeight}px`;
    scroller.replaceWith(holder);
    dialog.append(scroller);
    moved = { scroller, holder };
    title.textContent = scroller.getAttribute("aria-label") ?? "Diagram";
    dialog.showModal();
    setZoom(1);
  }

  dialog.addEventListener("close", () => {
    moved?.holder.replaceWith(moved.scroller);
    moved = null;
  });
  dialog.addEventListener("click", ({ target }) => target.closest("svg a") && dialog.close());

  document.addEventListener("click", (event) => {
    const figure = event.target.closest?.(".diagram-enlarge")?.closest(".diagram");
    if (!figure?.querySelector(".diagram-scroll svg") || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!dialog.isConnected) document.body.append(dialog);
    open(figure);
  });
}
