// 统计: the rows of the number under the pointer or in focus; ticks of the catalogue. All of it are links without.
"use strict";
(function () {
  const matrix = document.getElementById("matrix");
  const side = document.getElementById("behind");
  if (!matrix || !side) return;
  const kept = new Map();
  let timer = 0;
  let asked = 0;
  let pinned = null;

  // --- the row and the column of the number are tinted, its cell is framed
  function mark(cell) {
    matrix.querySelectorAll("td.x, td.hit").forEach((one) => one.classList.remove("x", "hit"));
    if (!cell) return;
    for (const row of matrix.tBodies[0].rows) row.cells[cell.cellIndex].classList.add("x");
    for (const one of cell.parentElement.cells) one.classList.add("x");
    cell.classList.add("hit");
  }

  function address(link) {
    const url = new URL(link.href);
    url.pathname += "/rows";
    return url.pathname + url.search;
  }

  function put(text) {
    side.innerHTML = text;
    const pin = side.querySelector("[data-pin]");
    pin.hidden = false;
    pin.setAttribute("aria-pressed", String(pinned !== null));
    pin.lastElementChild.textContent = pinned ? "已固定" : "固定";
  }

  async function show(link) {
    const mine = ++asked;
    const wanted = address(link);
    mark(link.closest("td"));
    matrix.current = link;
    if (kept.has(wanted)) { put(kept.get(wanted)); return; }
    const slow = setTimeout(() => { if (mine === asked) side.setAttribute("aria-busy", "true"); }, 300);
    try {
      const answer = await fetch(wanted, { headers: { "X-Requested-With": "fetch" } });
      if (mine !== asked) return;
      if (!answer.ok) { location.href = link.href; return; }
      const text = await answer.text();
      kept.set(wanted, text);
      if (mine === asked) put(text);
    } finally {
      clearTimeout(slow);
      if (mine === asked) side.removeAttribute("aria-busy");
    }
  }

  const below = () => getComputedStyle(side.parentElement).display === "block";
  const number = (event) => event.target.closest("td.n")?.querySelector("a[href]");

  // A table that scrolls under a pointer at rest is not pointed at.
  let place = "";
  let over = null;
  matrix.addEventListener("mousemove", (event) => {
    const link = number(event);
    const here = `${event.screenX},${event.screenY}`;
    if (here === place || link === over) { place = here; return; }
    place = here;
    over = link;
    clearTimeout(timer);
    // A touch is followed by a made-up pointer: the click says what was meant.
    if (link && !pinned && !below()) timer = setTimeout(() => show(link), 180);
  });
  matrix.addEventListener("mouseleave", () => { over = null; clearTimeout(timer); });
  matrix.addEventListener("focusin", (event) => {
    const link = number(event);
    if (link && !pinned && !below() && link.matches(":focus-visible")) show(link);
  });
  // The pointer keeps a number at the side; keys and other buttons follow the link to its page.
  matrix.addEventListener("click", async (event) => {
    const link = event.target.closest("td.n a[href]");
    if (!link || event.detail === 0 || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(timer);
    pinned = link;
    await show(link);
    if (below()) side.scrollIntoView({ block: "start" });
  });
  side.addEventListener("click", (event) => {
    const pin = event.target.closest("[data-pin]");
    if (!pin) return;
    pinned = pinned ? null : matrix.current || matrix;
    pin.setAttribute("aria-pressed", String(pinned !== null));
    pin.lastElementChild.textContent = pinned ? "已固定" : "固定";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !pinned) return;
    pinned = over = null;
    put(side.innerHTML);
  });
  put(side.innerHTML);

  // --- ticks and the select act at once
  const form = document.querySelector("[data-catalogue]");
  document.querySelectorAll("[data-apply]").forEach((button) => { button.hidden = true; });
  form?.addEventListener("change", () => form.requestSubmit());
  document.querySelector("[data-go]")?.addEventListener("change", (event) => event.target.form.requestSubmit());
})();
