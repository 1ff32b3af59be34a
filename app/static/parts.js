// A page that is long to load changes by parts: links with data-part and forms with data-say are fetched, and #wizard
// is replaced by what comes back. Without this file every one of them loads the page.
"use strict";
(function () {
  const headers = { "X-Requested-With": "fetch" };
  const box = () => document.querySelector("[data-sheetbox]");

  async function replace(address, options = {}) {
    const part = document.getElementById("wizard");
    const [left, top, focus] = [box()?.scrollLeft ?? 0, box()?.scrollTop ?? 0, document.activeElement?.id];
    document.dispatchEvent(new Event("part:leaving"));
    part.classList.add("waiting");
    try {
      const answer = await fetch(address, { headers, ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("wizard");
      if (!fresh) return location.assign(answer.url); // another step, or a page that says what is wrong
      const same = fresh.dataset.place === part.dataset.place;
      document.querySelectorAll(".note.said").forEach((note) => note.remove());
      part.replaceWith(fresh);
      document.getElementById("main").prepend(...page.querySelectorAll(".note.said"));
      history.replaceState(null, "", answer.url);
      if (same) box()?.scrollTo(left, top);
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      document.dispatchEvent(new Event("part:shown"));
    } catch {
      part.classList.remove("waiting"); // the server can't be reached: the page stays as it is
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-part]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    replace(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-say]");
    if (!form) return;
    event.preventDefault();
    replace(form.action, { method: "POST", body: new FormData(form, event.submitter) });
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });
})();
