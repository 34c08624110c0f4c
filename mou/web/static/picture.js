// A picture of the signature: chosen from a file, or drawn. Either way it ends up in the one file field of the form.

import { fromBase64 } from "./bytes.js";

const [WIDTH_PX, HEIGHT_PX] = [900, 300];
const LARGEST_SIDE_PX = 1600;
const LARGE_BYTES = 1_000_000;
const LINE_PX = 4;

const field = document.getElementById("picture");
const canvas = document.getElementById("drawing");
const shown = document.getElementById("picture-shown");
const shownFrame = document.getElementById("picture-frame");
const refused = document.getElementById("picture-refused");
const live = document.getElementById("live");
const pen = canvas.getContext("2d");
let last = null;

function clearDrawing() {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
  Object.assign(pen, { strokeStyle: "#10206b", fillStyle: "#10206b", lineWidth: LINE_PX, lineCap: "round", lineJoin: "round" });
}

function remove() {
  field.value = "";
  clearDrawing();
  showPicture(null);
}

function showPicture(file) {
  if (shown.src) URL.revokeObjectURL(shown.src);
  shown.removeAttribute("src");
  if (file !== null) shown.src = URL.createObjectURL(file);
  shownFrame.hidden = file === null;
  refused.hidden = true;
  live.textContent = file === null ? shownFrame.dataset.removed : shownFrame.dataset.taken;
}

function take(blob) {
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], blob.type === "image/png" ? "signature.png" : "signature.jpg", { type: blob.type }));
  field.files = transfer.files;
  showPicture(field.files[0]);
}

// A photograph from a telephone is larger than a stamp needs; it is made smaller here, upright and without its place and time.
async function chosen() {
  const [file] = field.files;
  if (file === undefined) return showPicture(null);
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_SIDE_PX / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= LARGE_BYTES) return showPicture(file);
    return take(await smaller(picture, scale));
  } catch {
    field.value = "";
    showPicture(null);
    refused.hidden = false;
    live.textContent = refused.textContent;
  }
  return undefined;
}

function smaller(picture, scale) {
  const copy = document.createElement("canvas");
  copy.width = Math.max(1, Math.round(picture.width * scale));
  copy.height = Math.max(1, Math.round(picture.height * scale));
  const brush = copy.getContext("2d");
  brush.fillStyle = "#ffffff";
  brush.fillRect(0, 0, copy.width, copy.height);
  brush.drawImage(picture, 0, 0, copy.width, copy.height);
  return new Promise((resolve, reject) => copy.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/jpeg", 0.9));
}

function pointOf(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * WIDTH_PX) / box.width, ((event.clientY - box.top) * HEIGHT_PX) / box.height];
}

function begin(event) {
  if (event.button !== 0) return;
  canvas.setPointerCapture(event.pointerId);
  last = pointOf(event);
  pen.beginPath();
  pen.arc(...last, LINE_PX / 2, 0, 2 * Math.PI);
  pen.fill();
}

function move(event) {
  if (last === null) return;
  for (const point of (event.getCoalescedEvents ? event.getCoalescedEvents() : []).concat(event).map(pointOf)) {
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...point);
    pen.stroke();
    last = point;
  }
}

function end() {
  if (last === null) return;
  last = null;
  // At once, not when the browser finds time: the form may be sent right after the last stroke.
  const [, letters] = canvas.toDataURL("image/png").split(",");
  take(new Blob([fromBase64(letters)], { type: "image/png" }));
}

canvas.width = WIDTH_PX;
canvas.height = HEIGHT_PX;
clearDrawing();
canvas.addEventListener("pointerdown", begin);
canvas.addEventListener("pointermove", move);
canvas.addEventListener("pointerup", end);
canvas.addEventListener("pointercancel", end);
field.addEventListener("change", chosen);
document.getElementById("picture-remove").addEventListener("click", remove);
document.getElementById("drawing-part").hidden = false;
