// Keys for people who don't reach for the mouse: / n ? j k Enter e Esc. Every page works without this file.
"use strict";
(function () {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  const rows = () => Array.from(document.querySelectorAll("[data-row]")).filter((row) => row.offsetParent !== null);

  // A row is the element that carries data-row; its first link is where Enter leads.
  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("cur"));
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
    all.forEach((row) => row.classList.toggle("cur", row === next));
    const link = next.querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function openRow() {
    const link = document.querySelector("[data-row].cur a[href]");
    if (link) link.click();
    return Boolean(link);
  }

  function press(key) {
    const target = Array.from(document.querySelectorAll(`[data-key="${key}"]`)).find((t) => t.offsetParent !== null);
    if (!target) return false;
    if (target.matches("input, textarea, select")) {
      target.focus();
      if (target.select) target.select();
    } else if (target.matches("summary")) {
      target.parentElement.open = true;
      const first = target.parentElement.querySelector("a, input, button");
      if (first) first.focus();
    } else {
      target.click();
    }
    return true;
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      closeMenus(null);
      if (menu) menu.querySelector("summary").focus();
      else if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    let done = true;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") document.getElementById("help")?.showModal();
    else if (event.key === "Enter") done = !event.target.closest("a, button, summary") && openRow();
    else done = ["/", "n", "e"].includes(event.key) && press(event.key);
    if (done) event.preventDefault();
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
  });
})();
