// The form of a company: what looks alike is shown while one types, a near one asks for a reason; parents are suggested.
"use strict";
(function () {
  const form = document.querySelector("[data-company]");
  const box = form.querySelector("[data-alikes]");
  const reason = form.querySelector("[data-reason]");
  const parent = form.elements.namedItem("parent");
  const parents = document.getElementById("parents");
  let timer = 0;
  let asked = 0;

  async function fetched(path, values) {
    const address = new URL(path, location.href);
    for (const [name, value] of Object.entries(values)) address.searchParams.set(name, value);
    return fetch(address, { headers: { "X-Requested-With": "fetch" } });
  }

  function askReason() {
    const level = Number(box.querySelector("[data-level]")?.dataset.level ?? 0);
    const field = reason.querySelector("input");
    reason.hidden = level !== 1 && !field.value && !field.matches("[aria-invalid]");
  }

  async function look() {
    const number = ++asked;
    const name = form.elements.namedItem("name").value.trim();
    const uscc = form.elements.namedItem("uscc").value.trim();
    if (name.length < 2 && uscc.length < 2) { box.replaceChildren(); askReason(); return; }
    const answer = await fetched(form.dataset.alike, { name, uscc });
    if (!answer.ok || number !== asked) return; // somebody typed on, and a later answer will come
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(...page.body.childNodes);
    askReason();
  }

  async function suggest() {
    const text = parent.value.trim();
    if (text.length < 2) return;
    const answer = await fetched(parents.dataset.from, { q: text });
    if (answer.ok) parents.replaceChildren(...(await answer.json()).map((name) => new Option(name, name)));
  }

  function soon(work) {
    return () => { clearTimeout(timer); timer = setTimeout(work, 300); };
  }

  parent.addEventListener("input", soon(suggest));
  if (!form.dataset.alike) return;
  for (const name of ["name", "uscc"]) form.elements.namedItem(name).addEventListener("input", soon(look));
  askReason();
  if (!box.children.length) look(); // somebody may have typed before this script was there
})();
