// Tying a form: rows are marked by clicking their numbers, columns and cells found by clicking them in the sheet.
// Without this file the same fields are typed.
"use strict";
(function () {
  const form = document.querySelector("[data-design]");
  const grid = form?.querySelector("[data-grid]");
  if (!grid) return;
  const rows = Object.fromEntries([...form.querySelectorAll("[data-row-of]")].map((i) => [i.dataset.rowOf, i]));
  const order = Object.keys(rows);
  const list = form.querySelector("[data-singles]");
  const number = (name) => Number.parseInt(rows[name].value, 10) || 0;
  let mode = "data_row";

  function choose(name) {
    mode = name;
    for (const [key, input] of Object.entries(rows)) input.closest(".pick").classList.toggle("on", key === name);
  }

  function columns() {
    return [...form.querySelectorAll("[data-column]")];
  }

  function paint() {
    const data = number("data_row");
    const block = Number.parseInt(form.elements.block.value, 10) || 1;
    for (const line of grid.querySelectorAll("[data-line]")) {
      const at = Number(line.dataset.line);
      const is = (name, on) => line.classList.toggle(name, on);
      is("is-head", at >= number("head_first") && at <= number("head_last"));
      is("is-data", data > 0 && at >= data && at < data + block);
      is("is-more", data > 0 && at > data && at <= number("last_row"));
      is("is-group", at === number("group_row"));
      is("is-total", at === number("total_row"));
    }
    const tied = new Set();
    for (const row of columns()) {
      const field = row.querySelector("[data-field]");
      if (field?.value) tied.add(`${row.dataset.column}${data + Number(row.dataset.offset)}`);
    }
    const single = new Set([...list.querySelectorAll("[data-cell]")].map((i) => i.value.trim().toUpperCase()));
    for (const cell of grid.querySelectorAll("[data-at]")) {
      cell.classList.toggle("tied", tied.has(cell.dataset.at));
      cell.classList.toggle("single", single.has(cell.dataset.at));
    }
  }

  function show(target, cell) {
    for (const old of form.querySelectorAll(".here")) old.classList.remove("here");
    target.classList.add("here");
    cell?.classList.add("here");
    target.scrollIntoView({ block: "nearest" });
    target.querySelector("select, textarea")?.focus({ preventScroll: true });
  }

  // how a field is written follows from its kind
  const kinds = JSON.parse(form.dataset.design || "{}");
  function dress(row) {
    const field = row.querySelector("[data-field]");
    if (!field) return;
    const how = row.querySelector(".how");
    how.dataset.kind = kinds[field.value] || "text";
    how.classList.toggle("dated", field.value === "funds_year" || field.value === "funds_in");
    for (const select of how.querySelectorAll("[data-for=date] select, [data-for=progress] select")) {
      select.disabled = select.closest("[data-for]").dataset.for !== how.dataset.kind;
    }
  }

  function dressSingle(row) {
    row.classList.toggle("figured", row.querySelector("[data-figure]").value !== "");
    row.querySelector("[data-drop-single]").hidden = false;
  }

  let next = list.children.length;
  function newSingle() {
    const made = form.querySelector("template[data-single]").content.firstElementChild.cloneNode(true);
    for (const field of made.querySelectorAll("[name]")) field.name = field.name.replace("s-999-", `s-${next}-`);
    next += 1;
    list.append(made);
    dressSingle(made);
    return made;
  }

  function pickCell(cell) {
    const at = cell.dataset.at;
    const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(at);
    const first = number("head_first");
    const last = Math.max(number("last_row"), number("data_row"));
    if (number("data_row") && first && Number(row) >= first && Number(row) <= last) {
      const offset = Math.max(0, Number(row) - number("data_row"));
      const found = columns().filter((one) => one.dataset.column === letters);
      const target = found.find((one) => Number(one.dataset.offset) === offset) || found[0];
      if (target) show(target, cell);
      return;
    }
    const all = [...list.querySelectorAll("[data-single-row]")];
    const name = (one) => one.querySelector("[data-cell]").value.trim().toUpperCase();
    let target = all.find((one) => name(one) === at) || all.find((one) => !name(one)) || newSingle();
    if (!name(target)) {
      target.querySelector("[data-cell]").value = at;
      target.querySelector(".of-text").value = cell.textContent.trim().slice(0, 200);
    }
    paint();
    show(target, cell);
  }

  grid.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line-of]");
    const cell = event.target.closest("[data-at]");
    if (line) {
      rows[mode].value = rows[mode].value === line.dataset.lineOf ? "" : line.dataset.lineOf;
      if (mode === "data_row" && number("last_row") < number("data_row")) rows.last_row.value = rows.data_row.value;
      if (mode === "head_first" && number("head_last") < number("head_first")) rows.head_last.value = rows.head_first.value;
      choose(order[Math.min(order.indexOf(mode) + 1, order.length - 1)]);
      paint();
    } else if (cell) {
      pickCell(cell);
    }
  });
  for (const [name, input] of Object.entries(rows)) input.addEventListener("focus", () => choose(name));
  form.addEventListener("input", paint);
  form.addEventListener("change", (event) => {
    const column = event.target.closest("[data-column]");
    const single = event.target.closest("[data-single-row]");
    if (column) dress(column);
    if (single) dressSingle(single);
    paint();
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-drop-single]")) {
      event.target.closest("[data-single-row]").remove();
      paint();
    }
  });
  columns().forEach(dress);
  [...list.children].forEach(dressSingle);
  choose("head_first");
  paint();
})();
