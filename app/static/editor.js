// The brief editor: words are typed around numbers, which are links that cannot be typed over; a paragraph is
// saved when one stops typing. What is sent is text and addresses of numbers; the server looks the numbers up.
"use strict";
(function () {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const WAIT = 600;
  const timers = new Map();
  let caret = null;

  const boxOf = (p) => p.closest(".para");
  const tell = (p, text) => { boxOf(p).querySelector("[data-said]").textContent = text; };

  function runsOf(p) {
    const runs = [];
    const add = (text) => {
      if (!text) return;
      if (typeof runs.at(-1) === "string") runs[runs.length - 1] += text;
      else runs.push(text);
    };
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) add(node.data);
      else if (node.dataset?.u) runs.push({ t: node.textContent, u: node.dataset.u });
      else node.childNodes.forEach(walk);
    };
    p.childNodes.forEach(walk);
    return runs;
  }

  async function post(address, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    return { ok: answer.ok, ...told };
  }

  // One save at a time for a paragraph: the next one needs the version that this one gives.
  async function save(p) {
    clearTimeout(timers.get(p));
    timers.delete(p);
    if (p.dataset.busy) { p.dataset.again = "1"; return; }
    p.dataset.busy = "1";
    boxOf(p).classList.add("saving");
    let told;
    try {
      told = await post(p.dataset.paragraph, { runs: runsOf(p), version: Number(p.dataset.version) });
    } catch {
      told = { ok: false, message: "没有连上服务器，文字还在页面上，稍后会再保存" };
      timers.set(p, setTimeout(() => save(p), 5000));
    }
    delete p.dataset.busy;
    boxOf(p).classList.remove("saving");
    boxOf(p).classList.toggle("wrong", !told.ok);
    if (told.ok) {
      boxOf(p).classList.add("own");
      p.dataset.version = told.version;
      boxOf(p).querySelectorAll("[data-version-of]").forEach((field) => { field.value = told.version; });
      document.querySelectorAll("[data-document-version]").forEach((field) => { field.value = told.document; });
      tell(p, told.said);
      document.dispatchEvent(new Event("brief:saved"));
    } else tell(p, told.message ?? "没有保存，请刷新页面后重试");
    if (p.dataset.again) { delete p.dataset.again; save(p); }
  }

  const later = (p) => { clearTimeout(timers.get(p)); timers.set(p, setTimeout(() => save(p), WAIT)); };
  const written = (target) => target.closest?.("[data-paragraph]");

  document.addEventListener("input", (event) => { const p = written(event.target); if (p && !event.isComposing) later(p); });
  document.addEventListener("compositionend", (event) => { const p = written(event.target); if (p) later(p); });
  document.addEventListener("focusout", (event) => { const p = written(event.target); if (p && timers.has(p)) save(p); });
  document.addEventListener("beforeinput", (event) => {
    if (!written(event.target)) return;
    if (/^(insertParagraph|insertLineBreak|format|insertFromDrop)/.test(event.inputType)) event.preventDefault();
  });
  document.addEventListener("paste", (event) => {
    const p = written(event.target);
    if (!p) return;
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain").replace(/\s*\n\s*/g, ""));
  });
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (selection.rangeCount && written(selection.anchorNode?.parentElement ?? document.body)) caret = selection.getRangeAt(0).cloneRange();
  });
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-paragraph] .fnum");
    if (number && !(event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const found = Array.from(document.querySelectorAll("[data-insert]")).find((b) => b.dataset.insert === number.dataset.u);
      found?.closest("li").scrollIntoView({ block: "center" });
    }
  });

  // A number from the list goes to where the caret last stood.
  document.querySelectorAll("[data-insert]").forEach((button) => button.addEventListener("click", () => {
    const p = caret && written(caret.startContainer.parentElement ?? caret.startContainer);
    if (!p) return;
    const link = document.createElement("a");
    Object.assign(link, { className: "fnum", href: button.dataset.insert, target: "_blank", textContent: button.dataset.text });
    link.contentEditable = "false";
    link.dataset.u = button.dataset.insert;
    caret.deleteContents();
    caret.insertNode(link);
    caret.setStartAfter(link);
    save(p);
  }));

  document.querySelectorAll("[data-add]").forEach((button) => button.addEventListener("click", async () => {
    const told = await post(button.dataset.add, { runs: ["（请填写）"], after: button.dataset.after });
    if (told.ok) { location.hash = told.key; location.reload(); }
  }));

  // A paragraph just added comes back with its placeholder marked: what is typed next replaces it.
  const added = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector("[data-paragraph]");
  if (added?.textContent === "（请填写）") {
    added.focus();
    document.getSelection().selectAllChildren(added);
  }

  const filter = document.querySelector("[data-filter-numbers]");
  filter?.addEventListener("input", () => document.querySelectorAll(".figs > li").forEach((row) => {
    row.hidden = !row.dataset.name.includes(filter.value.trim());
  }));

  document.querySelectorAll("[data-move]").forEach((button) => button.addEventListener("click", () => {
    const row = button.closest("li");
    const other = button.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
    if (other) row.parentElement.insertBefore(button.dataset.move === "-1" ? row : other, button.dataset.move === "-1" ? other : row);
    button.focus();
  }));

  addEventListener("beforeunload", (event) => {
    for (const p of timers.keys()) save(p);
    if (document.querySelector(".para.wrong")) event.preventDefault();
  });
})();
