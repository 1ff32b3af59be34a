// The board: cards are dragged to the next stage. What the gate lacks is asked when a card is taken up,
// so that the refusing column says so before the card is let go; the server decides once more when it is.
"use strict";
(function () {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const place = document.querySelector("[data-panel]");
  const said = document.querySelector("[data-said]");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "X-Requested-With": "fetch" };
  let held = null;
  let lacks = Promise.resolve("");
  let panel = "";

  const columns = () => Array.from(board.querySelectorAll("[data-stage]"));
  const target = () => columns().find((column) => held && column.dataset.stage === held.dataset.next);

  function show(html, column) {
    place.innerHTML = html;
    const box = place.firstElementChild;
    if (!box) return;
    if (column && innerWidth > 900) {
      const edge = column.getBoundingClientRect();
      const right = edge.right + 12 + box.offsetWidth < innerWidth;
      box.style.right = "auto";
      box.style.left = `${right ? edge.right + 12 : Math.max(8, edge.left - 12 - box.offsetWidth)}px`;
    }
  }

  function dismiss() {
    const there = place.firstElementChild !== null;
    place.replaceChildren();
    return there;
  }

  function tidy() {
    columns().forEach((column) => column.classList.remove("dim", "deny", "ok"));
    if (held) held.classList.remove("gone");
    held = null;
  }

  async function refuse(html, column, card) {
    show(html, column);
    const box = place.firstElementChild;
    said.textContent = box ? box.querySelector("h2").textContent : "";
    if (box) box.focus({ preventScroll: true });
    place.dataset.back = card ? card.dataset.card : "";
  }

  async function move(card) {
    const column = columns().find((one) => one.dataset.stage === card.dataset.next);
    const body = new URLSearchParams({ csrf_token: token, to: card.dataset.next, version: card.dataset.version });
    const answer = await fetch(card.dataset.move, { method: "POST", body, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (answer.status === 422) { await refuse(await answer.text(), column, card); return; }
    location.href = answer.headers.get("HX-Redirect") || card.querySelector("a[href]").href;
  }

  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest("[data-next]");
    if (!card) return;
    dismiss();
    held = card;
    panel = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    columns().forEach((column) => column.classList.toggle("dim", column.dataset.stage !== card.dataset.next && !column.contains(card)));
    setTimeout(() => card.classList.add("gone"));
    lacks = fetch(card.dataset.gate, { headers }).then((answer) => (answer.status === 200 ? answer.text() : ""));
    lacks.then((html) => {
      if (held !== card) return;
      panel = html;
      target().classList.toggle("deny", html !== "");
      target().classList.toggle("ok", html === "");
    });
  });

  board.addEventListener("dragover", (event) => {
    const column = event.target.closest("[data-stage]");
    if (!held || !column || column !== target()) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (panel && !place.firstElementChild) show(panel, column);
  });

  board.addEventListener("drop", async (event) => {
    const column = event.target.closest("[data-stage]");
    if (!held || column !== target()) return;
    event.preventDefault();
    const card = held;
    tidy();
    const html = await lacks;
    if (html) await refuse(html, column, card);
    else await move(card);
  });

  board.addEventListener("dragend", tidy);

  // The menu of a card does the same without a mouse; the answer stands on the page instead of a page of its own.
  board.addEventListener("submit", (event) => {
    const card = event.target.closest("[data-next]");
    if (!card) return;
    event.preventDefault();
    event.target.closest("details").open = false;
    move(card);
  });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss]")) back(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && place.firstElementChild) back();
    if (event.key !== "m" || event.target.closest("input, textarea, select")) return;
    const summary = document.querySelector("[data-card].cur summary");
    if (!summary) return;
    event.preventDefault();
    summary.parentElement.open = true;
    summary.parentElement.querySelector("button").focus();
  });

  function back() {
    if (dismiss() && place.dataset.back) board.querySelector(`[data-card="${place.dataset.back}"] a`)?.focus();
  }

  if (place.firstElementChild) place.firstElementChild.focus();
})();
