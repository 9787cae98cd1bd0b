/** "Edit and run": the code of a cell in an editor. What it computes, the page shows; an error stands beside the cell. */
import { button, make } from "./dom.js";

/** Binds the editors. `open(cell, asked)` opens one; `reset()` brings the published code back everywhere. */
export function editing({ runtime, load, values, apply, say }) {
  const opened = new Map(); // anchor → its editor

  async function open(cell, asked) {
    if (opened.has(cell.id)) return opened.get(cell.id).editor.focus();
    asked.disabled = true;
    let code;
    try {
      code = await load("editor");
    } catch (error) {
      asked.disabled = false;
      return say(`The editor could not be loaded: ${error.message}`, "failed");
    }
    cell.querySelector(":scope > details.cell-code")?.setAttribute("open", "");
    const listing = cell.querySelector(".highlight");
    const published = listing.querySelector("pre code, code").textContent.replace(/\n$/, "");
    const place = make("div", { className: "cell-editor" });
    const problem = make("p", { className: "cell-problem", role: "alert" });
    const run = button("Run", () => submit(), { className: "cell-submit" });
    const keys = make("span", { className: "cell-keys" }, "Ctrl+Enter runs. Tab indents: Escape, then Tab leaves the editor.");
    const tools = make("div", { className: "cell-tools" });
    tools.append(run, button("Back to the published code", () => leave()), keys);
    listing.hidden = true;
    listing.after(place, tools, problem);
    const editor = code.editor({
      parent: place,
      doc: published,
      label: `Python code of the cell ${cell.id.replace(/^cell-/, "")}`,
      onRun: () => submit(),
      onEscape: () => run.focus(),
    });

    async function submit() {
      problem.textContent = "";
      editor.markLine(null);
      run.setAttribute("aria-busy", "true");
      try {
        const source = editor.text === published ? null : editor.text;
        const answer = await runtime.call("edit", { notebook: cell.dataset.notebook, anchor: cell.id, source, values: values() });
        cell.classList.toggle("cell-edited", source !== null);
        await apply(answer);
      } catch (error) {
        const elsewhere = error.cell && error.cell !== cell.id ? ` It shows in the cell “${error.cell.replace(/^cell-/, "")}”.` : "";
        problem.textContent = `${error.line ? `Line ${error.line}: ` : ""}${error.message}${elsewhere}`;
        if (error.line && !elsewhere) editor.markLine(error.line);
      }
      run.removeAttribute("aria-busy");
    }

    async function leave(quietly = false) {
      opened.delete(cell.id);
      editor.destroy();
      for (const part of [place, tools, problem]) part.remove();
      listing.hidden = asked.disabled = false;
      const edited = cell.classList.contains("cell-edited");
      cell.classList.remove("cell-edited");
      if (!quietly) asked.focus();
      if (!edited) return;
      const answer = await runtime.call("edit", { notebook: cell.dataset.notebook, anchor: cell.id, source: null, values: values() });
      if (!quietly) await apply(answer);
    }

    opened.set(cell.id, { editor, leave });
    editor.focus();
  }

  return { open, reset: () => Promise.all([...opened.values()].map(({ leave }) => leave(true))) };
}
