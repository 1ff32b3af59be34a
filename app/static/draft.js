// A half-filled form (<form data-draft>) survives a lost session: it is kept in this browser under the
// page's path and offered again. It is forgotten when the form was accepted, and after three days.
"use strict";
(function () {
  const PREFIX = "draft:";
  const KEEP = 3 * 24 * 3600 * 1000;
  const skip = (field) => !field.name || field.name === "csrf_token" || ["password", "file", "hidden", "submit"].includes(field.type);

  function read(form) {
    const values = {};
    for (const field of form.elements) {
      if (skip(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
      } else {
        (values[field.name] ??= []).push(field.value);
      }
    }
    return values;
  }

  function write(form, values) {
    const used = {};
    for (const field of form.elements) {
      if (skip(field) || !(field.name in values)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values[field.name].includes(field.value);
      } else {
        used[field.name] = (used[field.name] ?? -1) + 1;
        field.value = values[field.name][used[field.name]] ?? field.value;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function load(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      if (draft && Date.now() - draft.at < KEEP) return draft;
    } catch { /* not ours, or broken: forget it */ }
    localStorage.removeItem(key);
    return null;
  }

  function offer(form, key, draft) {
    const note = document.createElement("div");
    note.className = "note a restore";
    note.setAttribute("role", "status");
    const words = document.createElement("span");
    words.className = "grow";
    words.textContent = `上次在这里填写的内容（${new Date(draft.at).toLocaleString("zh-CN")}）还没有保存。`;
    const take = document.createElement("button");
    take.type = "button";
    take.className = "btn small p";
    take.textContent = "恢复填写";
    take.addEventListener("click", () => { write(form, draft.values); note.remove(); });
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn small";
    drop.textContent = "不要了";
    drop.addEventListener("click", () => { localStorage.removeItem(key); note.remove(); });
    note.append(words, take, drop);
    form.before(note);
  }

  function watch(form) {
    const key = PREFIX + (form.dataset.draft || location.pathname);
    const first = JSON.stringify(read(form));
    const draft = load(key);
    // A page that came back with errors still holds what was typed.
    if (draft && !form.querySelector("[aria-invalid]") && JSON.stringify(draft.values) !== first) offer(form, key, draft);
    const keep = () => {
      const values = read(form);
      if (JSON.stringify(values) !== first) localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    };
    form.addEventListener("input", keep);
    form.addEventListener("submit", () => { keep(); sessionStorage.setItem("sent", key); });
  }

  // After a form was sent, the next page tells: the same form again or the sign-in page means it was refused.
  const sent = sessionStorage.getItem("sent");
  const here = Array.from(document.querySelectorAll("form[data-draft]"));
  if (sent && document.querySelector("[data-visitor]") === null && document.querySelector("[data-status]") === null) {
    if (!here.some((form) => PREFIX + (form.dataset.draft || location.pathname) === sent)) localStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
  }
  here.forEach(watch);
})();
