/**
 * Bundles style sheets and scripts. Reads {styles, scripts, words} as JSON, writes {css, js}.
 *
 * `styles` and `scripts` are paths, in their order; `words` is what pages and scripts say: a rule whose selector names
 * something else is left out.
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const { styles, scripts, words } = JSON.parse(await text(process.stdin));

const sheets = styles.map((path) => readFileSync(path, "utf8").replace(/\/\*# sourceMappingURL=.*?\*\//g, ""));
const [used] = await new PurgeCSS().purge({
  css: [{ raw: sheets.join("\n") }],
  content: [{ raw: words.join(" "), extension: "html" }],
  defaultExtractor: (content) => content.split(" "),
  variables: true, // those of the theme and of mkdocstrings that no rule, page or script names
  safelist: { variables: [/^--(?!md-|doc-)/, ...words.filter((word) => word.startsWith("--"))] },
});
const { code: css } = await transform(used.css, { loader: "css", minify: true, legalComments: "none" });

const bundled = await build({
  stdin: { contents: scripts.map((path) => `import ${JSON.stringify(path)};`).join("\n"), resolveDir: process.cwd() },
  bundle: true,
  minify: true,
  format: "esm",
  write: false,
  legalComments: "none",
});
process.stdout.write(JSON.stringify({ css, js: bundled.outputFiles[0].text }));
