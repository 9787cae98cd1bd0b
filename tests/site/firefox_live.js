async () => {
  const until = (what) => new Promise((resolve) => {
    const look = () => (what() ? resolve(what()) : setTimeout(look, 50));
    look();
  });
  const bound = (name) => document.querySelector(`article p [data-fact="email-platform.${name}"]`);
  const field = document.querySelector('[data-assumption="email-platform.campaign_window"]');
  const set = (text) => ((field.value = text), field.dispatchEvent(new Event("change", { bubbles: true })));
  const status = () => document.querySelector(".levers-status").textContent;
  set("30 min");
  const failed = () => document.querySelector('.levers-status[data-state="failed"]');
  await until(() => failed() || bound("peak_rate").querySelector("ins"));
  if (failed()) throw new Error(status());
  const changed = bound("peak_rate").textContent;
  await until(() => document.querySelector("#decision-in_the_window.decision-flipped"));
  set("1e999");
  await until(() => field.getAttribute("aria-invalid") === "true");
  const kept = bound("peak_rate").textContent;
  await until(() => document.querySelector("#cell-tornado.cell-yours svg"));
  return JSON.stringify({ changed, kept, field: field.value });
}
