// Files of a record: choose or drop several, and see one enlarged. Every page works without this file.
"use strict";
(function () {
  for (const place of document.querySelectorAll("[data-files]")) {
    const input = place.querySelector("input[type=file]");
    const chosen = place.querySelector("[data-chosen]");
    const first = chosen.textContent;
    const tell = () => {
      const names = Array.from(input.files, (file) => file.name);
      chosen.textContent = names.length > 3 ? `${names.slice(0, 3).join("、")} 等 ${names.length} 个` : names.join("、") || first;
    };
    input.addEventListener("change", tell);
    for (const name of ["dragover", "dragleave", "drop"]) {
      place.addEventListener(name, (event) => {
        event.preventDefault();
        place.classList.toggle("over", name === "dragover");
      });
    }
    place.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      tell();
    });
    tell();
  }

  // A picture that cannot be made leaves words in its place.
  const failed = (image) => {
    const words = document.createElement("span");
    words.className = "xs mut";
    words.textContent = image.dataset.failed || "无预览";
    image.replaceWith(words);
  };
  for (const image of document.querySelectorAll(".thumb img, .paper img")) {
    if (image.complete && image.naturalWidth === 0 && image.loading !== "lazy") failed(image);
    image.addEventListener("error", () => failed(image));
  }

  function enlarge(link) {
    const dialog = document.createElement("dialog");
    dialog.className = "dlg zoom";
    dialog.setAttribute("aria-label", `预览：${link.dataset.name}`);
    const bar = document.createElement("form");
    bar.method = "dialog";
    bar.className = "hs";
    const name = document.createElement("b");
    name.className = "el";
    name.textContent = link.dataset.name;
    const close = document.createElement("button");
    close.className = "btn";
    close.textContent = "关闭";
    bar.append(name, close);
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = `预览：${link.dataset.name}`;
    image.addEventListener("error", () => failed(image));
    dialog.append(bar, image);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    enlarge(link);
  });
})();
