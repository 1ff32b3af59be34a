// A brief beside its paper: tabs, where a number comes from, and the pages as they are printed.
"use strict";
(function () {
  // ---- pages: asked for after a pause, one print at a time; a page is swapped when its image is there, so that
  // the place on the page stays and what has not changed does not flicker.
  const PAUSE = 100;
  const pane = document.querySelector("[data-pages]");
  const said = pane?.querySelector("[data-pages-said]");
  let timer = 0;
  let printing = false;
  let again = false;

  const wanted = () => pane && !pane.hidden;

  async function print() {
    if (printing) { again = true; return; }
    printing = true;
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(pane.dataset.pages);
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (!answer.ok) throw new Error(told.message ?? "没有排出来，请稍后再试");
      show(told.pages);
    } catch (error) {
      said.textContent = error instanceof TypeError ? "没有连上服务器，稍后再试" : error.message;
    } finally {
      printing = false;
      pane.removeAttribute("aria-busy");
      if (again) { again = false; print(); }
    }
  }

  function show(pages) {
    said.textContent = `正文 ${pages.length} 页`;
    const images = pane.querySelectorAll("img.sheet");
    pages.forEach((address, index) => {
      let image = images[index];
      if (!image) {
        image = Object.assign(new Image(909, 1286), { className: "sheet", alt: `第 ${index + 1} 页` });
        if (index > 1) image.loading = "lazy";
        image.src = address;
        pane.append(image);
      } else if (image.getAttribute("src") !== address) {
        if (image.loading === "lazy" && !image.complete) { image.src = address; return; }
        const fresh = new Image();
        fresh.onload = () => { image.src = address; };
        fresh.src = address;
      }
    });
    [...images].slice(pages.length).forEach((image) => image.remove());
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(() => wanted() && print(), PAUSE); };
  document.addEventListener("brief:saved", later);
  if (pane && "start" in pane.dataset) print();

  // ---- tabs
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const tabs = [...desk.querySelectorAll("[role=tab]")];

  function open(name, { focus = false } = {}) {
    tabs.forEach((tab) => {
      const on = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
      if (on && focus) tab.focus();
    });
    desk.classList.toggle("previewing", name === "preview");
    sessionStorage.setItem("brief-tab", name);
    if (name === "preview") print();
  }

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => open(tab.id.slice(4)));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) open(tabs[(index + step + tabs.length) % tabs.length].id.slice(4), { focus: true });
    });
  });
  const wide = matchMedia("(min-width: 1101px)");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    if (!link || (link.dataset.open === "preview" && !wide.matches) || event.ctrlKey || event.metaKey) return;
    if (link.dataset.open === "preview") event.preventDefault();
    open(link.dataset.open);
  });
  const kept = sessionStorage.getItem("brief-tab");
  if (tabs.some((tab) => tab.id === `tab-${kept}`) && (kept !== "preview" || wide.matches)) open(kept);

  // ---- where a number comes from
  const rows = new Map();
  desk.querySelectorAll(".fig").forEach((row) => { if (!rows.has(row.dataset.u)) rows.set(row.dataset.u, row); });
  const card = Object.assign(document.createElement("div"), { className: "numcard", id: "numcard", hidden: true });
  card.setAttribute("role", "tooltip");
  document.body.append(card);
  let soon = 0;

  function tell(link) {
    const row = rows.get(link.dataset.u);
    if (!row) return;
    const [name, value, small, source] = ["span", "b", "small", "dl"].map((tag) => row.querySelector(tag));
    card.replaceChildren(name.cloneNode(true), value.cloneNode(true));
    if (row.dataset.now) card.append(Object.assign(document.createElement("strong"), { className: "bad", textContent: `现在 ${row.dataset.now}` }));
    const list = source.cloneNode(true);
    list.hidden = false;
    for (const [term, text] of [["代码", small.textContent.replace("明细", "").trim()], ["打开", "按住 Ctrl 单击看明细"]]) {
      list.append(Object.assign(document.createElement("dt"), { textContent: term }), Object.assign(document.createElement("dd"), { textContent: text }));
    }
    card.append(list);
    card.hidden = false;
    link.setAttribute("aria-describedby", "numcard");
    const box = link.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - card.offsetWidth - 8));
    const below = box.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${left}px`;
    card.style.top = `${below ? box.bottom + 6 : box.top - card.offsetHeight - 6}px`;
  }

  const hide = () => { clearTimeout(soon); card.hidden = true; };
  desk.addEventListener("mouseover", (event) => {
    const link = event.target.closest(".paper .fnum");
    hide();
    if (link) { link.removeAttribute("title"); soon = setTimeout(() => tell(link), 180); }
  });
  desk.addEventListener("focusin", (event) => { const link = event.target.closest(".paper .fnum"); if (link) tell(link); else hide(); });
  desk.addEventListener("mouseleave", hide);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
