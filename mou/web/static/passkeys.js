// Passkeys: a device that confirms who is there instead of a one-time code, and the offer to register one.
//
// Both pages work without it: what belongs to passkeys is shown only where the browser knows them.
// 1. ask      the server for a challenge; it counts once
// 2. speak    with the device, which makes a key (register) or answers with one that it has (confirm)
// 3. send     what the device said: public key or signature, never a key

import { fromBase64, toBase64 } from "./bytes.js";
import { post, Problem, Unreachable } from "./requests.js";

const part = document.getElementById("passkey");
const ADDRESSES = { register: ["options", ""], confirm: ["challenge", "/confirm"] };

function fromBase64Url(text) {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
}

function toBase64Url(buffer) {
  return toBase64(new Uint8Array(buffer)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function withBytes(descriptors) {
  return (descriptors || []).map((each) => ({ ...each, id: fromBase64Url(each.id) }));
}

function register(options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      user: { ...options.user, id: fromBase64Url(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
}

function confirm(options) {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  });
}

// What a device said, as JSON: each of its buffers as base64url.
function wordsOf(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toBase64Url(credential.response[name]);
  }
  return { id: credential.id, rawId: toBase64Url(credential.rawId), type: credential.type, response };
}

function sentencesFor(error) {
  if (error instanceof Problem) return error.sentences.join(" ");
  if (error instanceof Unreachable) return part.dataset.unreachable;
  if (error instanceof DOMException && error.name === "InvalidStateError") return part.dataset.known;
  return part.dataset.cancelled;
}

function start({ api, act, done }) {
  const button = part.querySelector("button");
  const told = part.querySelector("[role=status]");
  const speak = act === "register" ? register : confirm;
  const [ask, send] = ADDRESSES[act];

  async function run() {
    const { body: asked } = await post(`${api}/${ask}`, {});
    const credential = await speak(asked.options);
    const { body } = await post(`${api}${send}`, { state: asked.state, credential: wordsOf(credential) });
    if (body.next) return location.replace(body.next);
    told.textContent = done;
    button.hidden = true;
  }

  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    told.textContent = "";
    try {
      await run();
    } catch (error) {
      told.textContent = sentencesFor(error);
    }
    button.removeAttribute("aria-disabled");
  });
  part.hidden = false;
}

if (part !== null && window.PublicKeyCredential) start(part.dataset);
