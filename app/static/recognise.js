// 识别表头: the fields of a column are chosen beside its head, and further rows come when the end of the sheet is near.
"use strict";
(function () {
  const headers = { "X-Requested-With": "fetch" };
  const chooser = document.getElementById("chooser");
  let opener = null;

  function close() {
    if (!chooser || chooser.hidden) return;
    chooser.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
  }

  // The same list of fields serves every column: it is filled in from the head that was clicked on.
  function open(head) {
    const form = chooser.querySelector("form");
    const { column, field, unit, samples, how } = head.dataset;
    form.elements.letters.value = column;
    form.elements.sheet.value = head.dataset.sheet;
    form.action = head.dataset.action;
    form.querySelector("[data-letters]").textContent = column;
    form.querySelector("[data-head]").textContent = head.dataset.head;
    form.querySelector("[data-samples]").textContent = samples;
    form.querySelector("[data-forget]").hidden = how !== "指定";
    let measures = "";
    for (const option of form.querySelectorAll(".opt")) {
      const on = option.value === field;
      option.setAttribute("aria-pressed", String(on));
      if (on) measures = option.dataset.measures;
    }
    const units = measures ? measures.split(" ") : [];
    form.querySelector("[data-units]").hidden = !units.length;
    for (const button of form.querySelectorAll("[name=unit]")) {
      button.hidden = !units.includes(button.value);
      button.setAttribute("aria-pressed", String(button.value === unit));
    }
    const seek = form.querySelector("[data-seek]");
    seek.hidden = false;
    seek.value = "";
    filter(seek);
    chooser.hidden = false;
    const at = head.getBoundingClientRect();
    if (window.innerWidth > 900) {
      chooser.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - chooser.offsetWidth - 8))}px`;
    }
    chooser.style.top = `${Math.max(8, Math.min(at.bottom + 4, window.innerHeight - chooser.offsetHeight - 8))}px`;
    opener = head;
    head.setAttribute("aria-expanded", "true");
    seek.focus({ preventScroll: true });
  }

  function filter(seek) {
    const words = seek.value.replace(/\s+/g, "");
    let found = 0;
    for (const group of chooser.querySelectorAll("fieldset")) {
      let any = 0;
      for (const option of group.querySelectorAll(".opt")) {
        option.hidden = words !== "" && !option.dataset.words.includes(words);
        any += option.hidden ? 0 : 1;
      }
      group.hidden = !any;
      found += any;
    }
    chooser.querySelector("[data-none]").hidden = found > 0;
  }

  async function more(link) {
    if (link.dataset.asked) return;
    link.dataset.asked = "1";
    const answer = await fetch(link.href, { headers }).catch(() => null);
    if (!answer?.ok) { delete link.dataset.asked; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("[data-rows]").append(...page.querySelectorAll("tbody > tr"));
    const next = page.querySelector("[data-more]");
    link.parentElement.replaceChildren(...(next ? [next] : []));
    watch();
  }

  function watch() {
    const link = document.querySelector("[data-more]");
    if (!link) return;
    const options = { root: document.querySelector("[data-sheetbox]"), rootMargin: "400px" };
    new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) more(link); }, options).observe(link);
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const head = event.target.closest("[data-column]");
    const further = event.target.closest("[data-more]");
    if (further) {
      event.preventDefault();
      more(further);
    } else if (head && chooser) {
      event.preventDefault();
      const again = opener === head && !chooser.hidden;
      close();
      if (!again) open(head);
    } else if (event.target.closest("[data-close]") || !event.target.closest("#chooser")) {
      close();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-seek]")) filter(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chooser && !chooser.hidden) { close(); opener?.focus(); }
    if (event.key === "Enter" && event.target.matches("[data-seek]")) {
      event.preventDefault();
      chooser.querySelector(".opt:not([hidden])")?.click();
    }
  });
  document.addEventListener("part:leaving", close);
  document.addEventListener("part:shown", watch);
  watch();
})();
