// A file field on which a file can be dropped, and which names the file that was chosen.
for (const place of document.querySelectorAll("[data-drop]")) {
  const input = place.querySelector("input[type=file]");
  const chosen = place.querySelector("[data-chosen]");
  const tell = () => {
    if (!input.files.length) return;
    chosen.textContent = input.files[0].name;
    chosen.classList.add("has");
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
