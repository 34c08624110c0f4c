// Places onto which a file may be dropped: <div class="drop" data-drop> around a file field. The field alone is always enough.

for (const place of document.querySelectorAll("[data-drop]")) {
  const field = place.querySelector('input[type="file"]');
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.dataset.over = "";
  });
  place.addEventListener("dragleave", () => delete place.dataset.over);
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    delete place.dataset.over;
    if (event.dataTransfer.files.length === 0) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
