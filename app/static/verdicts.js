// 核对差异: what unfolds stays on the screen; the field of 改这格 is ready to type in, and Escape closes it.
"use strict";
(function () {
  document.addEventListener("toggle", (event) => {
    const fix = event.target;
    if (!fix.matches?.("details.fix, details.all") || !fix.open) return;
    const field = fix.querySelector("[name=text]");
    const list = fix.querySelector(".menulist");
    const at = fix.getBoundingClientRect();
    list.classList.toggle("above", at.bottom + list.offsetHeight > window.innerHeight - 70);
    field?.focus({ preventScroll: true });
    field?.select();
  }, true);
})();
