// <form data-goes-on="5000"> is sent by itself after so many milliseconds; its button does the same for who does not want to wait.

for (const form of document.querySelectorAll("form[data-goes-on]")) {
  setTimeout(() => form.requestSubmit(), Number(form.dataset.goesOn));
}
