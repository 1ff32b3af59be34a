// The project ledger: columns in place, rows to choose, the sheet at the right. Everything but the sheet works without.
"use strict";
(function () {
  const main = document.getElementById("main");
  const sheet = document.getElementById("sheet");
  const bulk = document.getElementById("bulk");
  const menu = document.querySelector("[data-columns]");
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select") !== null;

  // --- columns: the buttons move the line at once; the server hears of it with the form
  if (menu) {
    if (location.hash === "#columns") menu.open = true;
    menu.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=move]");
      if (!button) return;
      event.preventDefault();
      const line = button.closest("li");
      const up = button.value.startsWith("up:");
      const other = up ? line.previousElementSibling : line.nextElementSibling;
      if (!other) return;
      if (up) other.before(line); else other.after(line);
      button.focus();
    });
  }

  // --- choosing rows
  const picks = () => Array.from(document.querySelectorAll("input[name=pick]"));
  let last = null;

  function amount(fen) {
    const div = bulk.dataset.unit === "亿元" ? 100000000n : 10000n;
    const hundredths = (fen + div / 2n) / div;
    const text = String(hundredths).padStart(3, "0");
    return `${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
  }

  function count() {
    const all = bulk.querySelector("[data-all]");
    const chosen = picks().filter((box) => box.checked);
    const whole = all && all.checked;
    const add = (name) => chosen.reduce((sum, box) => sum + BigInt(box.dataset[name]), 0n);
    const number = whole ? Number(bulk.dataset.count) : chosen.length;
    const total = whole ? BigInt(bulk.dataset.allTotal) : add("total");
    const recognised = whole ? BigInt(bulk.dataset.allRecognised) : add("recognised");
    const output = bulk.querySelector(".picked");
    output.innerHTML = "<b></b><span></span>";
    output.firstChild.textContent = `已选 ${number} 个`;
    output.lastChild.textContent = `总投资 ${amount(total)} ${bulk.dataset.unit} · 已认定 ${amount(recognised)} ${bulk.dataset.unit}`;
    const head = document.querySelector("[data-pick-all]");
    if (head) {
      head.checked = chosen.length > 0 && chosen.length === picks().length;
      head.indeterminate = chosen.length > 0 && !head.checked;
    }
  }

  if (bulk) {
    const head = document.querySelector("[data-pick-all]");
    if (head) {
      head.hidden = false;
      head.addEventListener("change", () => { picks().forEach((box) => { box.checked = head.checked; }); count(); });
    }
    document.addEventListener("click", (event) => {
      const box = event.target.closest("input[name=pick]");
      if (!box) return;
      const all = picks();
      if (event.shiftKey && last) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      }
      last = box;
      count();
    });
    bulk.addEventListener("change", count);
    bulk.addEventListener("reset", () => setTimeout(() => { picks().forEach((box) => { box.checked = false; }); count(); }));
    count();
  }

  function pickCurrent(event) {
    const box = document.querySelector("[data-row].cur input[name=pick]");
    if (!box || event.target.closest("button, summary, input")) return;
    event.preventDefault();
    const all = picks();
    const value = !box.checked;
    const [from, to] = event.shiftKey && last ? [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) : [all.indexOf(box), all.indexOf(box)];
    all.slice(from, to + 1).forEach((one) => { one.checked = value; });
    last = box;
    count();
  }

  // --- the sheet
  let asked = 0;

  function span(hidden) {
    const cell = document.querySelector("[data-span]");
    if (!cell) return;
    if (!cell.dataset.all) cell.dataset.all = cell.colSpan;
    const heads = Array.from(document.querySelectorAll(".ledger thead th")).slice(1, Number(cell.dataset.all) + 1);
    const folded = hidden ? heads.filter((head) => getComputedStyle(head).display === "none").length : 0;
    cell.colSpan = Math.max(1, Number(cell.dataset.all) - folded);
  }

  async function show(row) {
    const mark = ++asked;
    document.querySelectorAll("[data-row]").forEach((one) => one.classList.toggle("cur", one === row));
    const answer = await fetch(row.dataset.glance, { headers: { "X-Requested-With": "fetch" } });
    if (mark !== asked) return;
    if (!answer.ok) { location.href = row.querySelector("a[href]").href; return; }
    sheet.innerHTML = await answer.text();
    sheet.hidden = false;
    main.classList.add("hassheet");
    span(true);
    row.scrollIntoView({ block: "nearest" });
  }

  function close() {
    asked++;
    if (!sheet || sheet.hidden) return false;
    sheet.hidden = true;
    main.classList.remove("hassheet");
    span(false);
    document.querySelector("[data-row].cur a[href]")?.focus({ preventScroll: true });
    return true;
  }

  if (sheet) {
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) { close(); return; }
      const row = event.target.closest("tr[data-glance]");
      if (row && !event.target.closest("a, button, input, label") && !String(getSelection())) show(row);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const row = document.querySelector("[data-row].cur");
    if (event.key === " ") pickCurrent(event);
    else if (!sheet) return;
    else if (event.key === "v" && row) { event.preventDefault(); if (sheet.hidden) show(row); else close(); }
    else if ((event.key === "j" || event.key === "k") && !sheet.hidden && row) show(row);
    else if (event.key === "Escape") close();
  });
})();
