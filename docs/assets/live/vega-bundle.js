/** Vega with its interpreter: no `eval`, so it runs under a strict policy. Bundled by the build, loaded for a chart. */
import { Error as errorsOnly, View, logger, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

/** Draw a Vega-Lite specification as SVG in `element`. Colours are the page's variables, so both themes fit. */
export async function draw(spec, element, label = "") {
  // Text is measured on a canvas, which knows no variables.
  const font = getComputedStyle(document.body).getPropertyValue("--c-font").trim().replaceAll('"', "'") || "sans-serif";
  const measurable = JSON.parse(JSON.stringify(spec).replace(/var\(--c-font[^)]*\)/g, font));
  const { title, ...rest } = measurable; // as at the build: the caption below shows the title
  const view = new View(parse(compile("description" in spec ? measurable : rest, { logger: logger(errorsOnly) }).spec, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    hover: false,
  });
  const svg = await view.toSVG();
  view.finalize();
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label || spec.description || (title?.text ?? title ?? "Chart"));
  element.prepend(document.importNode(drawing, true));
}
