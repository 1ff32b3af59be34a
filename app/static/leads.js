// The form of a lead: while one types, the server says what looks alike (GET /leads/alike); a near one asks for a reason.
"use strict";
(function () {
  const form = document.querySelector("[data-alike]");
  const box = form.querySelector("[data-alikes]");
  const reason = form.querySelector("[data-reason]");
  const typed = ["name", "investor_name", "uscc"].map((name) => form.elements.namedItem(name));
  let timer = 0;
  let asked = 0;

  function askReason() {
    const level = Number(box.querySelector("[data-level]")?.dataset.level ?? 0);
    const field = reason.querySelector("input");
    reason.hidden = level !== 1 && !field.value && !field.matches("[aria-invalid]");
  }

  async function look() {
    const number = ++asked;
    if (!typed.some((field) => field.value.trim().length > 1)) { box.replaceChildren(); askReason(); return; }
    const address = new URL(form.dataset.alike, location.href);
    for (const field of typed) address.searchParams.set(field.name, field.value.trim());
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || number !== asked) return; // somebody typed on, and a later answer will come
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(...page.body.childNodes);
    askReason();
  }

  for (const field of typed) {
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 300); });
  }
  askReason();
  if (!box.children.length) look(); // somebody may have typed before this script was there
})();
