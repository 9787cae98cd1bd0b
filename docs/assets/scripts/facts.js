/**
 * Every number that code computed answers where it comes from: on hover, on a tap, on keyboard focus.
 *
 * One card serves all. It stands right after the number in the document, so that Tab leads from the number into the
 * card's links; as a popover it is drawn above everything. WCAG 1.4.13: Escape closes it, the pointer may move onto it,
 * and it stays until the reader leaves. Without it (old browser, no script) a number still links to its cell.
 */
const data = document.getElementById("page-facts");

if (data && "popover" in HTMLElement.prototype) {
  const KINDS = { assumed: "Assumed", sourced: "From a source", derived: "Computed", simulated: "Simulated" };
  const LEAVE_MS = 250; // time to move the pointer from the number to the card
  const DWELL_MS = 90; // a pointer that only passes by opens nothing
  const GAP = 6;

  // The origins are a file of their own, fetched when a number is first asked.
  let facts = data.dataset.src ? null : JSON.parse(data.textContent);
  let wanted = null; // the number that was asked before they were there
  let fetching = null;
  const narrow = matchMedia("(max-width: 44.98em)");
  let shown = null; // the number whose card is open
  let shownAtPress = null;
  let pointer = "mouse";
  let timer = 0;
  let yours = {}; // what the reader's own assumptions make of facts: key → {text, full}

  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  };
  const link = (href, text) => Object.assign(make("a", "", text), { href });

  const close = Object.assign(make("button", "fact-card-close", "Close"), { type: "button", onclick: hide });
  const card = Object.assign(make("div", "fact-card"), { id: "fact-card", popover: "manual", role: "group" });
  card.ariaLabel = "Where this number comes from";

  function fill(fact, key) {
    const named = (input) => {
      const [label, text, from] = typeof input === "string" ? [facts[input].label, facts[input].text, input] : input;
      return [label, yours[from]?.text ?? text];
    };
    const now = yours[key];
    const value = fact.full || fact.text;
    const inputs = (fact.inputs ?? []).map(named).flatMap(([name, text]) => [make("dt", "", name), make("dd", "", text)]);
    const { source } = fact;
    card.replaceChildren(
      make("div", "fact-card-head", fact.label, make("span", "fact-card-kind", KINDS[fact.kind] ?? fact.kind)),
      make("div", "fact-card-value", now ? make("span", "fact-card-yours", now.full) : value),
    );
    if (now) card.append(make("p", "", `With your values. Published: ${value}`));
    if (fact.kind === "derived" && fact.formula) card.append(make("code", "fact-card-formula", fact.formula));
    if (inputs.length) card.append(make("dl", "fact-card-inputs", ...inputs));
    if (fact.range) card.append(make("p", "", `Plausible: ${fact.range}`));
    if (fact.because) card.append(make("p", "", fact.because));
    if (source) card.append(make("p", "", "Source: ", source.href ? link(source.href, source.title) : source.title));
    card.append(make("div", "fact-card-links", fact.href ? link(fact.href, "See the cell") : "", close));
  }

  /** Below the number or else above it, whole within the window. The style sheet makes it a sheet on narrow screens. */
  function place() {
    if (narrow.matches) return;
    const at = shown.getClientRects()[0];
    const { clientWidth, clientHeight } = document.documentElement;
    const left = Math.max(8, Math.min(at.left, clientWidth - card.offsetWidth - 8));
    const above = at.top - card.offsetHeight - GAP;
    const below = at.bottom + GAP;
    const fits = below + card.offsetHeight <= clientHeight || above < 8;
    card.style.setProperty("--fact-x", `${left + scrollX}px`);
    card.style.setProperty("--fact-y", `${(fits ? below : above) + scrollY}px`);
  }

  function learn() {
    const address = new URL(data.dataset.src, document.baseURI);
    fetching ??= fetch(address)
      .then((answer) => (answer.ok ? answer.json() : {}), () => ({})) // without them a number is still a link
      .then((origins) => {
        facts = origins;
        if (wanted) show(wanted);
      });
  }

  function show(number) {
    clearTimeout(timer);
    wanted = number;
    if (!facts) return learn();
    const fact = facts[number.dataset.fact];
    if (!fact || number === shown || !number.isConnected) return;
    hide();
    const anchor = number.closest(".fact-link");
    fill(fact, number.dataset.fact);
    if (number.ownerSVGElement) number.ownerSVGElement.parentElement.append(card);
    else (anchor ?? number).after(card);
    card.showPopover();
    shown = number;
    number.classList.add("fact-asked");
    anchor?.setAttribute("aria-describedby", card.id);
    place();
  }

  function hide() {
    clearTimeout(timer);
    wanted = null;
    if (!shown) return;
    const anchor = shown.closest(".fact-link");
    if (card.contains(document.activeElement)) anchor?.focus();
    anchor?.removeAttribute("aria-describedby");
    shown.classList.remove("fact-asked");
    shown = null;
    card.remove(); // closes it too
  }

  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const numberAt = (target) => target.closest?.(".fact") ?? target.closest?.(".fact-link")?.querySelector(".fact");
  const on = (type, listener) => document.addEventListener(type, listener, true);

  on("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const number = numberAt(target);
    if (number) later(() => show(number), DWELL_MS);
    else if (shown && !card.contains(target)) later(hide, LEAVE_MS);
    else clearTimeout(timer);
  });
  on("pointerdown", ({ target, pointerType }) => {
    pointer = pointerType;
    shownAtPress = shown;
    if (!card.contains(target) && !numberAt(target)) hide();
  });
  on("click", (event) => {
    const number = numberAt(event.target);
    if (!number) return card.contains(event.target) && event.target.closest("a") && hide();
    const follows = number.closest("a") && (pointer !== "touch" || shownAtPress === number);
    if (follows) return hide(); // a mouse, the Enter key, a second tap
    if (number.closest("a")) event.preventDefault();
    show(number);
  });
  on("keydown", (event) => {
    pointer = "";
    if (event.key !== "Escape" || !shown) return;
    event.preventDefault(); // a dialog around it stays open
    event.stopPropagation();
    hide();
  });
  on("focusin", ({ target }) => {
    if (card.contains(target)) clearTimeout(timer);
    else if (target.matches(".fact-link:focus-visible")) show(numberAt(target));
    else hide();
  });
  on("facts-changed", ({ detail }) => (yours = detail));
  addEventListener("resize", () => shown && place());
}
