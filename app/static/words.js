// 简报措辞: what is typed is read back on a real month's numbers; placeholders are put in by a click.
"use strict";
(function () {
  const form = document.querySelector("[data-words]");
  const pane = document.querySelector("[data-read]");
  let last = form?.querySelector("textarea");
  let timer = 0;
  let asked = 0;

  // Each case reads right below its words; the rest of the answer stays in the pane.
  function deal() {
    pane.querySelectorAll("[data-reads]").forEach((line) => {
      const box = form.querySelector(`[data-case="${CSS.escape(line.dataset.reads)}"]`);
      box.querySelector(".reads")?.remove();
      line.hidden = false;
      box.append(line);
      box.querySelector("textarea").setAttribute("aria-invalid", String(Boolean(line.querySelector(".err"))));
    });
  }

  async function read() {
    const mine = ++asked;
    pane.classList.add("busy");
    try {
      const answer = await fetch(form.dataset.words, { method: "POST", body: new FormData(form) });
      const html = await answer.text();
      if (mine === asked && answer.ok) {
        const top = pane.scrollTop;
        pane.innerHTML = html;
        deal();
        pane.scrollTop = top;
      }
    } finally {
      if (mine === asked) pane.classList.remove("busy");
    }
  }

  function changed(field) {
    const own = field.value.trim() !== field.dataset.system;
    const box = field.closest(".case");
    box.querySelector("[data-own]").hidden = box.querySelector("[data-restore]").hidden = !own;
    clearTimeout(timer);
    timer = setTimeout(read, 400);
  }

  if (form) {
    deal();
    form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) last = event.target; });
    form.addEventListener("input", (event) => { if (event.target.matches("textarea")) changed(event.target); });
    form.addEventListener("click", (event) => {
      const token = event.target.closest("[data-token]");
      const restore = event.target.closest("[data-restore]");
      if (token) {
        const field = token.closest(".case")?.querySelector("textarea") ?? last;
        field.setRangeText(token.dataset.token, field.selectionStart, field.selectionEnd, "end");
        field.focus();
        changed(field);
      } else if (restore) {
        const field = restore.closest(".case").querySelector("textarea");
        field.value = field.dataset.system;
        changed(field);
      }
    });
  }

  document.querySelectorAll(".usual [data-move]").forEach((button) => button.addEventListener("click", () => {
    const row = button.closest("li");
    const up = button.dataset.move === "-1";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (other) row.parentElement.insertBefore(up ? row : other, up ? other : row);
    button.focus();
  }));
})();
