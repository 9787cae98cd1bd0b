// Runs freeze.py under Pyodide, in Node: bytecode must come from the very Python that will load it.
// Arguments: the folder of Pyodide, a folder that holds `packages/` and takes the two zips. Input: what freeze.py is told.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { loadPyodide } from "pyodide";

const [folder] = process.argv.slice(2);
const python = await loadPyodide({ packages: [], stdout: () => {} });
python.FS.mkdirTree("/work");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/work");
python.globals.set("told", await text(process.stdin));
const source = readFileSync(new URL("freeze.py", import.meta.url), "utf8");
process.stdout.write(python.runPython(source, { filename: "freeze.py" }));
