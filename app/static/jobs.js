// Follows my jobs: the bars on their page, and the sign at the top of every other page.
(() => {
  const list = document.querySelector("[data-running]");
  const sign = document.querySelector("[data-jobs]");
  const address = list?.dataset.running || sign?.dataset.jobs;
  if (!address) return;
  const show = (jobs) => {
    for (const row of document.querySelectorAll("[data-job]")) {
      const said = jobs[row.dataset.job];
      if (!said) continue;
      row.querySelector("[data-step]").textContent = said.step;
      row.querySelector("progress").value = said.percent;
    }
    const several = Object.values(jobs);
    if (!sign || !several.length) return;
    const one = several.length === 1 && several[0].percent ? ` ${several[0].percent}%` : "";
    sign.dataset.short = several.length > 1 ? `${several.length} 项` : one.trim() || "…";
    sign.querySelector("[data-word]").textContent = several.length > 1 ? `${several.length} 项任务进行中` : `任务进行中${one}`;
  };
  const ended = (jobs) => [...document.querySelectorAll("[data-job]")].some((row) => !jobs[row.dataset.job]);
  const ask = async () => {
    let wait = list ? 1000 : 3000;
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 401) return;
      if (answer.ok) {
        const jobs = await answer.json();
        if (list && ended(jobs)) return location.reload();
        show(jobs);
        if (!Object.keys(jobs).length) {
          if (sign) sign.querySelector("[data-word]").textContent = "任务已结束，查看";
          return;
        }
      }
    } catch {
      wait = 5000; // the server can't be reached just now
    }
    setTimeout(ask, wait);
  };
  ask();
})();
