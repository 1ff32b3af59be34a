// The queue by keys: j k next and previous, r 认定, 1-6 a reason, b 退回, Space the evidence large; the effect of another amount.
"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const recognise = byId("recognise");
  const returning = byId("return");
  const amount = byId("amount");
  const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;

  function step(by) {
    const rows = Array.from(document.querySelectorAll(".rvlist > li"));
    const here = rows.findIndex((row) => "here" in row.dataset);
    const row = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
    if (row && rows.indexOf(row) !== here) row.querySelector("a").click();
  }

  function sendBack() {
    if (!returning) return;
    if (returning.querySelector("[name=reason]:checked")) returning.requestSubmit();
    else returning.querySelector("[name=reason]").focus();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const reasons = returning ? returning.querySelectorAll("[name=reason]") : [];
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "r" && recognise) recognise.requestSubmit();
    else if (event.key === "b" && returning) sendBack();
    else if (event.key === "u" && document.querySelector("[data-undo]")) document.querySelector("[data-undo]").click();
    else if (reasons[Number(event.key) - 1]) {
      reasons[Number(event.key) - 1].click();
      reasons[Number(event.key) - 1].focus();
    } else if (event.key === " " && !event.target.closest("a, button, input, summary")) document.querySelector("[data-paper]")?.click();
    else return;
    // The keys of all pages (keys.js) would only move the mark of the row.
    event.stopImmediatePropagation();
    event.preventDefault();
  }
  document.addEventListener("keydown", onKey, { capture: true });
  // On a narrow page the queue stands below: going there would hide what is to be reviewed.
  if (matchMedia("(min-width: 901px)").matches) document.querySelector("[data-here]")?.scrollIntoView({ block: "nearest" });

  // Another amount: its reason is asked for, and its effect is shown before anything happens.
  const cut = document.querySelector("[data-cut]");
  const plain = (text) => Number(text.replace(/[,，\s]/g, ""));
  let timer = 0;
  let asked = 0;
  const settle = () => { cut.hidden = plain(amount.value) === plain(amount.dataset.claimed) && !cut.querySelector("[aria-invalid]"); };
  async function show() {
    const place = byId("effect");
    const turn = ++asked;
    const query = new URLSearchParams({ amount: amount.value, unit: "万元" });
    const answer = await fetch(`${place.dataset.from}?${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || turn !== asked) return;
    place.innerHTML = await answer.text();
    document.querySelector("[data-amount-shown]").textContent = place.querySelector("[data-fen]").dataset.fen;
  }
  if (amount) {
    amount.addEventListener("input", () => { settle(); clearTimeout(timer); timer = setTimeout(show, 250); });
    settle();
  }

  // Words go with a reason; without one there is more room for the entry.
  const words = document.querySelector("[data-words]");
  const ask = () => { words.hidden = !returning.querySelector("[name=reason]:checked"); };
  if (words) {
    returning.addEventListener("change", ask);
    ask();
  }

  // Ticked rows: how many and how much, before they are recognised together.
  const several = byId("several");
  const all = several?.querySelector("[data-all]");
  function count() {
    const picked = Array.from(several.querySelectorAll("[name=pick]:checked"));
    const fen = picked.reduce((sum, box) => sum + Number(box.dataset.fen), 0);
    const words = (fen / 1000000).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    several.querySelector("[data-picked]").textContent = picked.length ? `${picked.length} 笔 ${words} 万元` : "";
    several.querySelector("[data-bulk]").disabled = !picked.length;
  }
  if (all) {
    all.addEventListener("change", () => {
      several.querySelectorAll("[name=pick]:not(:disabled)").forEach((box) => { box.checked = all.checked; });
    });
    several.addEventListener("change", count);
    count();
  }
})();
