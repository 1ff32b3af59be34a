// Small comforts: the echo of an amount, the way back from an error page, one click one submit.
"use strict";
(function () {
  let timer = 0;

  // The server says what an amount means, so that there is one way of reading it (GET /amount).
  async function echo(field) {
    const unit = document.getElementsByName(`${field.name}-unit`)[0];
    const output = document.getElementById(`${field.id}-echo`);
    if (!output) return;
    if (!field.value.trim()) { output.textContent = ""; return; }
    const query = new URLSearchParams({ text: field.value, unit: unit ? unit.value : "万元" });
    const answer = await fetch(`/amount?${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) output.textContent = (await answer.json()).words;
  }

  function onInput(event) {
    const field = event.target.matches("[data-amount]")
      ? event.target
      : event.target.closest(".amt")?.querySelector("[data-amount]");
    if (!field) return;
    clearTimeout(timer);
    timer = setTimeout(() => echo(field), 250);
  }

  document.addEventListener("input", onInput);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || "again" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));
  // A form that was refused opens at the first field to put right, not at its top.
  const refused = document.querySelector("form [aria-invalid=true]:not([hidden])");
  if (refused) {
    const details = refused.closest("details");
    if (details) details.open = true;
    refused.focus({ preventScroll: true });
    refused.scrollIntoView({ block: "center" });
  } else {
    // A choice that was not made has no field to stand in: its words are shown.
    document.querySelector("form p.err")?.scrollIntoView({ block: "center" });
  }
  document.querySelectorAll("[data-back]").forEach((button) => {
    button.hidden = history.length < 2;
    button.addEventListener("click", () => history.back());
  });
})();
