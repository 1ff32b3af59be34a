// The form of an arrival: foreign money shows its rate, and what it comes to in yuan.
"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const currency = byId("currency");
  const amount = byId("amount");
  const rate = byId("rate");
  const output = byId("equivalent");
  const foreign = document.querySelector(".foreign");
  let timer = 0;

  function show() {
    foreign.hidden = currency.value === "CNY" && !foreign.querySelector("[aria-invalid]");
  }

  async function echo() {
    if (currency.value === "CNY" || !amount.value.trim() || !rate.value.trim()) {
      output.textContent = "";
      return;
    }
    const unit = document.getElementsByName("amount-unit")[0].value;
    const query = new URLSearchParams({ amount: amount.value, unit, currency: currency.value, rate: rate.value });
    const answer = await fetch(`${output.dataset.from}?${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) output.textContent = (await answer.json()).words;
  }

  currency.form.addEventListener("input", () => { show(); clearTimeout(timer); timer = setTimeout(echo, 250); });
  show();
  echo();
})();
