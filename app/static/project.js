// The form of a project: segments follow the chain, a handover asks for its day, company names are suggested.
"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const chain = byId("chain_id");
  const segment = byId("segment_id");
  const unit = byId("unit_id");
  const handover = document.querySelector(".handover");
  const investor = byId("investor");
  const names = byId("investors");
  let timer = 0;

  function followChain() {
    for (const option of segment.options) {
      const other = option.value !== "" && option.dataset.chain !== chain.value;
      option.hidden = option.disabled = other;
      if (other && option.selected) segment.value = "";
    }
  }

  function followUnit() {
    handover.hidden = unit.value === unit.dataset.own && !handover.querySelector("[aria-invalid]");
  }

  async function suggest() {
    const text = investor.value.trim();
    if (text.length < 2) return;
    const answer = await fetch(`${names.dataset.from}?${new URLSearchParams({ q: text })}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return;
    names.replaceChildren(...(await answer.json()).map((name) => new Option(name, name)));
  }

  chain.addEventListener("change", followChain);
  followChain();
  if (handover) {
    unit.addEventListener("change", followUnit);
    followUnit();
  }
  investor.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 250); });
})();
