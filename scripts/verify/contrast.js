/**
 * Contrast that axe gives up on: text in drawings and charts, in scrolling boxes, of a few letters; lines of drawings.
 *
 * A text stands on the shapes drawn before it under its middle, else on the nearest grounds of its ancestors. Least
 * ratios are those of WCAG 2.2: 4.5 for text (1.4.3), 3 for large text, and for lines that mean something (1.4.11).
 */
() => {
  const SHAPES = "rect, circle, ellipse, path, polygon";
  const DECORATION = /--(c-grid|d-group-line|d-note-line|d-halo)/; // hairlines: what they part is also said in words
  const LARGE = 24; // px; bold from 18.66
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** A colour of CSS as [red, green, blue, alpha], 0 to 255, alpha 0 to 1. */
  function colour(text) {
    if (!known.has(text)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  }
  const faded = ([r, g, b, a], by) => [r, g, b, a * by];
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  /** What an element of HTML stands on. */
  function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = colour(getComputedStyle(at).backgroundColor);
      if (layer[3]) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), colour("Canvas"));
  }

  const opacity = (element) => {
    let all = 1;
    for (let at = element; at; at = at.parentElement) all *= getComputedStyle(at).opacity;
    return all;
  };

  /** Whether a shape is painted under a point of the window. */
  function covers(shape, x, y) {
    const matrix = shape.getScreenCTM();
    return matrix && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(matrix.inverse()));
  }

  const shapesOf = new Map();
  /** What a text of a drawing stands on: its halo, else the shapes before it, on what is around the drawing. */
  function drawnGround(element, svg) {
    const style = getComputedStyle(element);
    if (style.paintOrder.startsWith("stroke") && style.stroke !== "none") return over(colour(style.stroke), ground(svg));
    if (!shapesOf.has(svg)) {
      const shapes = [...svg.querySelectorAll(SHAPES)].filter((shape) => !shape.closest("defs, clipPath, marker, symbol"));
      shapesOf.set(svg, shapes.map((shape) => [shape, getComputedStyle(shape)]).filter(([, { fill }]) => fill !== "none"));
    }
    const box = element.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return shapesOf.get(svg)
      .filter(([shape]) => shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING && covers(shape, x, y))
      .reduce((under, [shape, { fill, fillOpacity }]) => over(faded(colour(fill), fillOpacity * opacity(shape)), under), ground(svg));
  }

  const outer = (element) => {
    let svg = element.ownerSVGElement;
    while (svg?.ownerSVGElement) svg = svg.ownerSVGElement;
    return svg;
  };
  const selector = (element) => {
    const named = element.closest("[id]");
    const name = element.tagName.toLowerCase() + [...element.classList].map((one) => `.${one}`).join("");
    return named && named !== element ? `#${named.id} ${name}` : named ? `#${named.id}` : name;
  };

  const found = [];
  function judge(element, front, back, least, what) {
    const got = ratio(over(front, back), back);
    if (got >= least - 0.005) return;
    const why = `${what} has a contrast of ${got.toFixed(2)}, and ${least} is the least`;
    const help = "change its colour, or what it stands on, in docs/assets/stylesheets/palette.css";
    found.push({ rule: "contrast", help, why, selector: selector(element), html: element.outerHTML.slice(0, 160) });
  }

  function text(element, words) {
    const style = getComputedStyle(element);
    const svg = outer(element);
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false });
    if (!shown || element.closest(":disabled, [aria-disabled=true], option") || style.backgroundImage !== "none") return;
    const size = parseFloat(style.fontSize);
    const large = size >= LARGE || (size >= 18.66 && style.fontWeight >= 700);
    const paint = svg ? faded(colour(style.fill), style.fillOpacity) : colour(style.color);
    const back = svg ? drawnGround(element, svg) : ground(element);
    judge(element, faded(paint, opacity(element)), back, large ? 3 : 4.5, `"${words.slice(0, 40)}"`);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    if (!textContent.trim() || seen.has(element) || element.closest("script, style, noscript, title, desc, template")) continue;
    seen.add(element);
    text(element, textContent.trim());
  }

  for (const line of document.querySelectorAll("article svg :is(path, line, polyline)[stroke]")) {
    const style = getComputedStyle(line);
    const painted = line.getAttribute("stroke");
    if (style.stroke === "none" || DECORATION.test(painted) || !line.checkVisibility()) continue;
    if (line.closest("defs, marker, symbol, clipPath") || !parseFloat(style.strokeWidth)) continue;
    const front = faded(colour(style.stroke), style.strokeOpacity * opacity(line));
    if (front[3]) judge(line, front, ground(outer(line)), 3, `a line of ${painted}`);
  }
  return found;
}
