// A list to pick from follows what is typed; arrow keys lead into it, Enter takes the only one. Without this file: 查找.
"use strict";
(function () {
  const form = document.querySelector("form[data-pick]");
  const input = form?.querySelector("input[name=q]");
  if (!input) return;
  let shown = input.value.trim();
  let timer = 0;
  const links = () => Array.from(document.querySelectorAll("#found a[href]:not(.btn)"));

  async function ask() {
    const words = input.value.trim();
    if (words === shown) return;
    const address = new URL(form.action || location.href);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || input.value.trim() !== words) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.getElementById("found").replaceWith(page.getElementById("found"));
      shown = words;
    } catch {
      // The form itself still answers on Enter.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  form.addEventListener("submit", (event) => {
    if (input.value.trim() !== shown || links().length !== 1) return;
    event.preventDefault();
    links()[0].click();
  });
  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (!by || event.isComposing || (at < 0 && document.activeElement !== input)) return;
    event.preventDefault();
    if (at + by < 0) input.focus();
    else all[Math.min(at + by, all.length - 1)]?.focus();
  });
})();
