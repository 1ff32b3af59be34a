// The short list below the search box: asked for while typing, walked through with the arrow keys.
"use strict";
(function () {
  const form = document.querySelector("form.find");
  const input = form?.querySelector("input[type=search]");
  if (!input) return;
  const list = document.createElement("div");
  list.className = "hitlist";
  list.id = "hitlist";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "查找结果");
  list.hidden = true;
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "hitlist");

  let asked = "";
  let timer = 0;

  function show(visible) {
    list.hidden = !visible;
    input.setAttribute("aria-expanded", String(visible));
  }

  async function ask() {
    const words = input.value.trim();
    if (words === asked) return show(words !== "");
    asked = words;
    if (!words) return show(false);
    const address = new URL(form.action);
    address.searchParams.set("q", words);
    address.searchParams.set("box", "1");
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || input.value.trim() !== words) return;
      list.innerHTML = await answer.text();
      show(true);
    } catch {
      show(false); // the page itself still answers on Enter
    }
  }

  function step(by) {
    const hits = Array.from(list.querySelectorAll("a"));
    const at = hits.indexOf(document.activeElement) + by;
    if (at < 0) input.focus();
    else hits[Math.min(at, hits.length - 1)]?.focus();
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("focus", () => {
    if (input.value.trim() && input.value.trim() === asked) show(true);
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      show(false);
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) show(false);
  });
})();
