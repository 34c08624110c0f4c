// <button data-copies="id"> copies what a text field holds; where the browser does not let us, the text is selected for the person.

const live = document.getElementById("live");

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      live.textContent = button.dataset.copied;
    } catch {
      field.focus();
      live.textContent = button.dataset.selected;
    }
  });
}
