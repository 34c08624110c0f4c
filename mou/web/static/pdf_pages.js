// Pages of a PDF as PDF.js draws them: a picture for the eye, and the text over it for selection, search and screen readers.

const MARGIN_PX = 16;
const WIDEST_PX = 900; // wider lines are harder to read
const [SMALLEST, LARGEST] = [0.5, 5];
const MOST_PIXELS = 8e6; // a phone gives up on larger pictures

// bytes are handed over to the worker and gone afterwards. pdfjs and worker: addresses of the two parts of PDF.js.
export async function openDocument({ bytes, scroller, pdfjs, worker, pageName, textLanguage }) {
  const library = await import(pdfjs);
  library.GlobalWorkerOptions.workerSrc = worker;
  const file = await library.getDocument({ data: bytes, useWasm: false, useWorkerFetch: false, enableXfa: false, verbosity: 0 }).promise;
  return new Pages({ library, file, scroller, pageName, textLanguage });
}

class Pages {
  constructor(parts) {
    Object.assign(this, parts, { elements: [], pages: [], factor: 1, painted: new WeakMap() });
  }

  // Makes a place of the right size for every page, then fills those near the reader's eyes, and the text of all.
  async layOut() {
    for (let number = 1; number <= this.file.numPages; number += 1) {
      this.pages.push(await this.file.getPage(number));
      this.elements.push(this.makePlace(number));
    }
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => this.comeOrGo(entry)), {
      root: this.scroller,
      rootMargin: "100% 0px",
    });
    this.scroller.replaceChildren(...this.elements);
    this.setSizes();
    this.elements.forEach((element) => this.near.observe(element));
    for (const [index, page] of this.pages.entries()) await this.fillText(this.elements[index], page);
  }

  makePlace(number) {
    const element = document.createElement("div");
    element.className = "reader-page";
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", this.pageName.replace("{n}", number).replace("{total}", this.file.numPages));
    const end = document.createElement("div");
    end.dataset.end = "";
    end.className = "reader-end";
    element.append(end);
    return element;
  }

  scaleOf(page) {
    const { width } = page.getViewport({ scale: 1 });
    return (Math.min(this.scroller.clientWidth - MARGIN_PX, WIDEST_PX) / width) * this.factor;
  }

  setSizes() {
    this.pages.forEach((page, index) => {
      const scale = this.scaleOf(page);
      const { width, height } = page.getViewport({ scale });
      const { style } = this.elements[index];
      style.setProperty("--scale-factor", String(scale));
      style.width = `${Math.floor(width)}px`;
      style.height = `${Math.floor(height)}px`;
    });
  }

  // Larger or smaller, with the same part of the text in view.
  zoom(by) {
    const before = this.scroller.scrollTop / Math.max(this.scroller.scrollHeight, 1);
    this.factor = Math.min(Math.max(this.factor * by, SMALLEST), LARGEST);
    this.setSizes();
    this.scroller.scrollTop = before * this.scroller.scrollHeight;
    this.elements.forEach((element, index) => {
      if (this.painted.has(element)) this.paint(element, this.pages[index]);
    });
  }

  comeOrGo({ target, isIntersecting }) {
    if (isIntersecting) this.paint(target, this.pages[this.elements.indexOf(target)]);
    else this.wipe(target);
  }

  async paint(element, page) {
    this.stop(element);
    const wanted = this.scaleOf(page) * (globalThis.devicePixelRatio || 1);
    const { width, height } = page.getViewport({ scale: wanted });
    const viewport = page.getViewport({ scale: wanted * Math.min(1, Math.sqrt(MOST_PIXELS / (width * height))) });
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    const task = page.render({ canvas, canvasContext: canvas.getContext("2d", { alpha: false }), viewport });
    this.painted.set(element, task);
    try {
      await task.promise;
      element.querySelectorAll("canvas").forEach((old) => old.remove());
      element.prepend(canvas);
    } catch (error) {
      if (error.name !== "RenderingCancelledException") throw error;
    }
  }

  stop(element) {
    const task = this.painted.get(element);
    if (task !== undefined) task.cancel();
    this.painted.delete(element);
  }

  wipe(element) {
    this.stop(element);
    element.querySelectorAll("canvas").forEach((canvas) => {
      canvas.width = 0; // gives the memory back at once
      canvas.remove();
    });
  }

  async fillText(element, page) {
    const container = document.createElement("div");
    container.className = "textLayer";
    container.lang = this.textLanguage;
    element.insertBefore(container, element.querySelector("[data-end]"));
    const viewport = page.getViewport({ scale: this.scaleOf(page) });
    await new this.library.TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render();
  }
}
