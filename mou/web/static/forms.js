// Small help with forms, which all work without it: where the errors are, codes as they are pasted, one press is one answer.

const errors = document.getElementById("errors");
if (errors !== null) errors.focus();

// "123 456" and "123-456" are the same code.
for (const field of document.querySelectorAll("[data-digits]")) {
  field.addEventListener("input", () => {
    const digits = field.value.replace(/\D/g, "");
    if (digits !== field.value) field.value = digits.slice(0, Number(field.dataset.digits));
  });
}

// <button data-reveals="id"> shows and hides what is typed in a password field.
for (const button of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
}

// A second press while the answer is on its way sends nothing.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "yes") event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
