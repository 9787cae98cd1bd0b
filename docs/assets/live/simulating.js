/** A simulation on a button: with a seed, with progress, and with a way to stop it. */
import { STOPPED } from "./client.js";
import { button, make } from "./dom.js";

let count = 0;

/** Returns what opens the form of a cell's simulation. `done(answer)` shows what came out; `again()` computes after a stop. */
export function simulating({ runtime, values, say, again, done }) {
  const opened = new WeakMap();

  return function open(cell, asked) {
    if (opened.has(cell)) return opened.get(cell).focus();
    const id = `seed-${++count}`;
    const seed = make("input", { id, type: "number", min: 0, max: 4294967295, step: 1, value: 1 });
    const bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": "Progress of the simulation" });
    const note = make("p", { className: "cell-note", role: "status" });
    const run = button("Run", start);
    const cancel = button("Cancel", stop, { hidden: true });
    const form = make("div", { className: "cell-tools cell-simulation" });
    form.append(make("label", { for: id }, "Seed"), seed, run, cancel, bar, note);
    asked.hidden = true;
    cell.append(form);
    opened.set(cell, seed);
    seed.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the same key presses "Cancel", which has the focus by then
      start();
    });
    seed.focus();

    function running(on) {
      run.hidden = seed.disabled = on;
      cancel.hidden = bar.hidden = !on;
      (on ? cancel : run).focus();
    }

    async function start() {
      if (!seed.checkValidity() || seed.value === "") {
        note.textContent = "A seed is a whole number from 0 to 4,294,967,295.";
        return seed.focus();
      }
      running(true);
      note.textContent = "Running …";
      bar.removeAttribute("value");
      runtime.onProgress = (fraction, words) => {
        bar.value = fraction;
        if (words) note.textContent = words;
      };
      try {
        const request = { notebook: cell.dataset.notebook, cell: cell.id, seed: +seed.value, values: values() };
        const answer = await runtime.call("simulate", request);
        await done(answer);
        note.textContent = `Done, with the seed ${seed.value}. The tables and charts of this simulation show your run.`;
      } catch (error) {
        note.textContent = error.message === STOPPED ? "Cancelled. What was there stays." : error.message;
      }
      runtime.onProgress = () => {};
      running(false);
    }

    function stop() {
      note.textContent = "Stopping …";
      say("The simulation was cancelled.", "idle");
      runtime.cancel().then(again, (error) => say(error.message, "failed"));
    }
  };
}
