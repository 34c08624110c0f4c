// Shows the document on the page "read and decide" and notices when its last page has been seen.
//
// The bytes are fetched once. Their SHA-256 is computed here and compared with the one that the server names; only these bytes are
// drawn. The digest goes into the form, and into the tab's memory for the page on which the key signs. Where the pages cannot be
// drawn, the digest still says what this browser received; the person then reads the file and says so.

import { sha256, toHex } from "./bytes.js";
import { displayed, rememberDisplayed } from "./displayed.js";
import { openDocument } from "./pdf_pages.js";
import { getBytes } from "./requests.js";

const reader = document.getElementById("reader");
const loading = document.getElementById("reader-loading");
const scroller = document.getElementById("reader-pages");
const place = document.getElementById("reader-place");
const seenBar = document.getElementById("reader-seen");
const seenText = document.getElementById("reader-seen-text");
const otherwise = document.getElementById("read");
const readPages = document.getElementById("read-pages");
const digestField = document.getElementById("displayed");
const live = document.getElementById("live");
const seen = new Set();

async function show() {
  const bytes = await getBytes(reader.dataset.document);
  const digest = toHex(await sha256(bytes));
  if (digest !== reader.dataset.digest) throw new Error("other bytes than the ones that were named");
  digestField.value = digest;
  const before = displayed();
  rememberDisplayed({ digest, read: before.digest === digest && before.read === true });
  const pages = await openDocument({ bytes, scroller, ...reader.dataset });
  reader.hidden = false;
  loading.hidden = true;
  await pages.layOut();
  if (displayed().read) pages.elements.forEach((element) => seen.add(element));
  watch(pages);
  connectButtons(pages);
  tellSeen(pages.elements.length);
}

// The end of a page counts as seen when it comes into view.
function watch(pages) {
  const total = pages.elements.length;
  const ends = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) seen.add(entry.target.parentElement);
    tellSeen(total);
  }, { root: scroller });
  for (const element of pages.elements) ends.observe(element.querySelector("[data-end]"));
  scroller.addEventListener("scroll", () => requestAnimationFrame(() => tellPlace(pages)), { passive: true });
  tellPlace(pages);
}

function tellSeen(total) {
  const complete = seen.size === total;
  seenBar.max = total;
  seenBar.value = seen.size;
  seenText.textContent = complete ? seenText.dataset.complete : fill(seenText.dataset.some, { n: seen.size, total });
  if (complete && readPages.dataset.complete !== "yes") {
    readPages.dataset.complete = "yes";
    rememberDisplayed({ read: true });
    live.textContent = seenText.dataset.complete;
  }
  chooseWayOfReading();
}

// One of two answers goes out: "pages" when all was seen here, "otherwise" when the person says so.
function chooseWayOfReading() {
  readPages.disabled = readPages.dataset.complete !== "yes" || otherwise.checked;
}

function tellPlace(pages) {
  place.textContent = fill(place.dataset.text, { n: currentPage(pages) + 1, total: pages.elements.length });
}

function currentPage(pages) {
  const middle = scroller.scrollTop + scroller.clientHeight / 2;
  const below = pages.elements.findIndex((element) => element.offsetTop - scroller.offsetTop + element.offsetHeight >= middle);
  return below === -1 ? pages.elements.length - 1 : below;
}

function connectButtons(pages) {
  const go = (step) => {
    const wanted = pages.elements[Math.min(Math.max(currentPage(pages) + step, 0), pages.elements.length - 1)];
    scroller.scrollTo({ top: wanted.offsetTop - scroller.offsetTop });
  };
  const actions = {
    "reader-previous": () => go(-1),
    "reader-next": () => go(1),
    "reader-smaller": () => pages.zoom(1 / 1.25),
    "reader-larger": () => pages.zoom(1.25),
  };
  for (const [id, act] of Object.entries(actions)) document.getElementById(id).addEventListener("click", act);
  let width = scroller.clientWidth;
  addEventListener("resize", () => {
    if (scroller.clientWidth !== width) pages.zoom(1);
    width = scroller.clientWidth;
  });
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

loading.hidden = false;
otherwise.addEventListener("change", chooseWayOfReading);
show().catch(() => {
  reader.hidden = true;
  loading.hidden = true;
  document.getElementById("reader-failed").hidden = false;
  document.getElementById("read-otherwise").classList.add("choice-needed");
});
