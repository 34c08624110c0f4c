// Tells in words what the page is doing: the list of steps, the line that screen readers hear, and what went wrong.
// Every sentence stands in the page; here they only have names.

export class Progress {
  // list: elements with data-step; sentences: elements with data-name; failure: where a problem is told.
  constructor({ list, sentences, failure, live, waiting }) {
    Object.assign(this, { list, sentences, failure, live, waiting, current: null });
  }

  start(step) {
    this.finish();
    this.current = this.list.querySelector(`[data-step="${step}"]`);
    this.mark("now");
    if (this.current !== null) this.live.textContent = this.current.textContent.trim();
  }

  finish() {
    this.mark("done");
    this.waiting.hidden = true;
  }

  // Steps that come again, since others have signed meanwhile.
  repeatFrom(step) {
    let found = false;
    for (const item of this.list.querySelectorAll("[data-step]")) {
      found = found || item.dataset.step === step;
      if (found) delete item.dataset.state;
    }
    this.current = null;
  }

  wait() {
    if (this.waiting.hidden) this.live.textContent = this.waiting.textContent.trim();
    this.waiting.hidden = false;
  }

  // sentences: what to tell, in order. The first is the heading.
  fail(sentences) {
    this.mark("failed");
    this.waiting.hidden = true;
    const [heading, ...rest] = sentences;
    this.failure.querySelector("[data-heading]").textContent = heading;
    this.failure.querySelector("[data-rest]").replaceChildren(...rest.map(paragraph));
    this.failure.hidden = false;
    this.failure.focus();
  }

  clear() {
    this.failure.hidden = true;
    this.repeatFrom(this.list.querySelector("[data-step]").dataset.step);
  }

  sentence(name) {
    const element = this.sentences.querySelector(`[data-name="${name}"]`);
    return element === null ? "" : element.textContent.trim();
  }

  mark(state) {
    if (this.current !== null) this.current.dataset.state = state;
  }
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
