// Follows long work: asks how far it is once a second, and shows the page anew when it has ended.
(() => {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const step = place.querySelector("[data-step]");
  const ask = async () => {
    let wait = 1000;
    try {
      const answer = await fetch(place.dataset.progress, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) {
        const state = await answer.json();
        if (!state.running) return location.reload();
        bar.value = state.percent;
        step.textContent = state.step;
      } else if (answer.status === 401) {
        return location.reload();
      }
    } catch {
      wait = 5000; // the server can't be reached just now
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, 600);
})();
