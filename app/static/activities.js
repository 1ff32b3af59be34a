// The form of an activity: people and days belong to outings; a record is picked from what fits the text.
// Without this file the server looks the text up when the form is sent.
"use strict";
(function () {
  const outing = document.querySelector(".away-only");

  function followKind() {
    const chosen = document.querySelector("input[name='kind']:checked");
    outing.hidden = !(chosen && "away" in chosen.dataset) && !outing.querySelector("[aria-invalid]");
  }

  if (outing) {
    document.querySelectorAll("input[name='kind']").forEach((kind) => kind.addEventListener("change", followKind));
    followKind();
  }

  const photos = Array.from(document.querySelectorAll(".photos input[type='file']"));
  photos.forEach((input) => input.addEventListener("change", () => {
    const number = photos.reduce((sum, one) => sum + one.files.length, 0);
    document.getElementById("photos-chosen").textContent = number ? `已选 ${number} 张` : "";
  }));

  const field = document.querySelector("[data-about]");
  if (!field) return;
  const box = field.closest(".about");
  const ref = box.querySelector("[name='about_ref']");
  const hint = document.getElementById("about-hint");
  const list = document.createElement("div");
  let options = [];
  let at = -1;
  let timer = 0;
  let asked = 0;
  list.className = "about-list";
  list.id = "about-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "查找结果");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);

  function close() {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    field.value = option.name;
    ref.value = option.ref;
    hint.textContent = `已选定${option.kind}`;
    close();
  }

  function mark(next) {
    at = next;
    Array.from(list.children).forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) {
      field.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  function show() {
    list.replaceChildren(...options.map((option, index) => {
      const row = document.createElement("div");
      const name = document.createElement("b");
      const detail = document.createElement("span");
      row.id = `about-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      name.textContent = option.name;
      detail.className = "xs sec";
      detail.textContent = ` ${option.kind}${option.detail ? " · " + option.detail : ""}`;
      row.append(name, detail);
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
      return row;
    }));
    at = -1;
    list.hidden = options.length === 0;
    field.setAttribute("aria-expanded", String(options.length > 0));
  }

  async function look() {
    const text = field.value.trim();
    if (text.length < 2) { options = []; show(); hint.textContent = ""; return; }
    const mine = ++asked;
    const answer = await fetch(`${field.dataset.about}?${new URLSearchParams({ q: text })}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || mine !== asked) return;
    options = await answer.json();
    hint.textContent = options.length ? "" : "没有找到，可以先不关联";
    show();
  }

  field.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    ref.value = "";
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") mark((at + 1) % options.length);
    else if (event.key === "ArrowUp") mark((at - 1 + options.length) % options.length);
    else if (event.key === "Enter" && at >= 0) take(options[at]);
    else if (event.key === "Escape") { close(); event.stopPropagation(); }
    else return;
    event.preventDefault();
  });
})();
