// Lays out a batch of graphs with Graphviz (WebAssembly): {key: dot} on standard input, {key: {layout} or {error}} on
// standard output. One process for all of them, because loading Graphviz takes longer than laying out a diagram.
import { Graphviz } from "@hpcc-js/wasm-graphviz";

let input = "";
for await (const chunk of process.stdin.setEncoding("utf8")) input += chunk;

const graphviz = await Graphviz.load();
const answers = {};
for (const [key, dot] of Object.entries(JSON.parse(input))) {
  try {
    answers[key] = { layout: JSON.parse(graphviz.layout(dot, "json0", "dot")) };
  } catch (error) {
    answers[key] = { error: String(error.message ?? error).trim() };
  }
}
process.stdout.write(JSON.stringify(answers));
