// How much waits behind entries of the navigation. Asked for after the page is there; it is kept a minute.
"use strict";
(function () {
  const person = document.querySelector(".who")?.textContent.trim();

  async function count(address, places) {
    const area = `/${address.split("/")[1]}`;
    // One person's number is not shown to the next one in the same window; the pages of the area ask anew.
    const key = `${address} ${person}`;
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    let found = kept && Date.now() - kept.at < 60000 && !location.pathname.startsWith(area) ? kept.found : null;
    try {
      if (!found) {
        const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok) return;
        found = await answer.json();
        sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), found }));
      }
    } catch { return; } // the page was left meanwhile, or the line is down: the number is only a comfort
    if (!found.number && !found.waiting) return;
    const words = [found.words || `预警 ${found.number} 条，其中红色 ${found.red} 条`];
    if (found.waiting) words.push(`${found.waiting} 条说明待确认`);
    for (const place of places) {
      place.textContent = String(found.number);
      place.title = words.join("，");
      if (found.red) place.classList.add("red");
      place.hidden = false;
    }
  }

  // The same number stands at the left and, on a phone, under 更多: one question each.
  const places = [...document.querySelectorAll("[data-count]")];
  for (const address of new Set(places.map((place) => place.dataset.count)))
    count(address, places.filter((place) => place.dataset.count === address));
})();
