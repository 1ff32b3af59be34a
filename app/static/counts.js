// How many warnings there are, in the navigation. Asked for after the page is there; it is kept a minute.
"use strict";
(async function () {
  const place = document.querySelector("[data-count]");
  if (!place) return;
  // One person's number is not shown to the next one in the same window; the pages of warnings ask anew.
  const key = `warnings ${document.querySelector(".who")?.textContent.trim()}`;
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  let found = kept && Date.now() - kept.at < 60000 && !location.pathname.startsWith("/warnings") ? kept.found : null;
  try {
    if (!found) {
      const answer = await fetch(place.dataset.count, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      found = await answer.json();
      sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), found }));
    }
  } catch { return; } // the page was left meanwhile, or the line is down: the number is only a comfort
  const words = [`预警 ${found.number} 条，其中红色 ${found.red} 条`];
  if (found.waiting) words.push(`${found.waiting} 条说明待确认`);
  if (!found.number && !found.waiting) return;
  place.textContent = String(found.number);
  place.title = words.join("，");
  if (found.red) place.classList.add("red");
  place.hidden = false;
})();
