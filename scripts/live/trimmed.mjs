// Runs a Python script in the trimmed Pyodide that the page loads, in Node.
// Arguments: `live/` of a site, the script. Input: what the script finds as `told`. Output: the value of its last line.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const [live, script] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(resolve(live, "manifest.json"), "utf8"));
const folder = resolve(live, manifest.pyodide);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")));
const python = await loadPyodide({
  indexURL: folder,
  stdLibURL: resolve(folder, "python_stdlib.zip"),
  lockFileContents: { info: manifest.python, packages: {} },
  packages: [],
  stdout: () => {},
});
python.FS.writeFile("/lib/library.zip", readFileSync(resolve(live, manifest.library)));
python.runPython("import sys; sys.path.insert(0, '/lib/library.zip'); import compiled; compiled.use()");
python.globals.set("told", await text(process.stdin));
process.stdout.write(python.runPython(readFileSync(script, "utf8"), { filename: script }));
