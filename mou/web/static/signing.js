// Signs on the page "check and sign": a key of this browser, or the signatory's own from a PKCS#12 file.
//
// 1. key          made here, or opened here with its password
// 2. certificate  the network's, for the key made here; or the one in the file
// 3. prepare      the server makes the revision that is to be signed; when others are signing, the page waits in line
// 4. check        the page looks at it itself (checks.js)
// 5. sign         the key signs the signed attributes
// 6. record       the server takes the value; when another signatory was faster, from 3 again with the same key
//
// What leaves the page: the public key, the proof that the key is at hand, certificates, and the signature value.
// A value whose arrival is unknown is sent again, never made again: the server answers a repeat with what it has.

import { equal, fromBase64, sha256, toBase64, toHex } from "./bytes.js";
import { readCertificate } from "./certificates.js";
import { CheckFailed, checkPrepared } from "./checks.js";
import { displayed } from "./displayed.js";
import { canSign, makeKey, sign } from "./keys.js";
import { LARGEST_FILE_BYTES, openPkcs12, Pkcs12Error } from "./pkcs12.js";
import { Progress } from "./progress.js";
import { getBytes, post, Problem, Unreachable } from "./requests.js";

const STALE = 409;
const WAITING = 202;
const PAUSES_MS = [1000, 2000, 4000];
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [200, 10000];
const ROUNDS = 100;

const page = document.getElementById("signing");
const { api, challenge, document: documentAddress, digest, way, done } = page.dataset;
const form = document.getElementById("signing-form");
const button = document.getElementById("sign");
const file = document.getElementById("key-file");
const password = document.getElementById("key-password");
const progress = new Progress({
  list: document.getElementById("progress"),
  sentences: document.getElementById("sentences"),
  failure: document.getElementById("failure"),
  live: document.getElementById("live"),
  waiting: document.getElementById("waiting"),
});

// held: key and certificate between two presses of the button; sent: a value of which nobody knows whether it arrived.
const state = { running: false, held: null, sent: null };

class Missing extends Error {}

async function run() {
  if (state.running) return;
  state.running = true;
  button.setAttribute("aria-disabled", "true");
  progress.clear();
  try {
    const answer = state.sent === null ? await signFromStart() : await record(state.sent);
    const address = answer.state === "stale" ? await signPrepared() : answer.done;
    forget();
    location.replace(address || done);
  } catch (error) {
    tell(error);
    state.running = false;
    button.removeAttribute("aria-disabled");
  }
}

async function signFromStart() {
  if (!canSign()) throw new Missing("no_crypto");
  const read = await readDocument();
  progress.start("key");
  const held = await heldKey();
  progress.start("certificate");
  if (held.certificate === null) Object.assign(held, await askForCertificate(held));
  state.held = { ...held, read };
  return { done: await signPrepared() };
}

// From 3 to 6, as often as others are faster. The address of the page that tells of the success.
async function signPrepared() {
  for (let round = 0; round < ROUNDS; round += 1) {
    const value = await signOnce(state.held);
    const answer = await record(value);
    if (answer.state !== "stale") return answer.done;
    progress.repeatFrom("prepare");
  }
  throw new Unreachable(api);
}

// The bytes that were read, fetched again and compared with what this device has shown.
async function readDocument() {
  const bytes = await patiently(() => getBytes(documentAddress));
  const computed = toHex(await sha256(bytes));
  const shown = displayed().digest;
  if (computed !== digest || (shown !== undefined && shown !== computed)) throw new CheckFailed("displayed");
  return bytes;
}

async function heldKey() {
  if (way === "browser") return state.held || { ...(await makeKey()), certificate: null, chain: [] };
  if (state.held !== null && password.value === "") return state.held;
  if (file.files.length === 0) throw new Missing("no_file");
  if (file.files[0].size > LARGEST_FILE_BYTES) throw new Pkcs12Error("format");
  const bytes = new Uint8Array(await file.files[0].arrayBuffer());
  const typed = password.value;
  password.value = "";
  await nextFrame();
  return openPkcs12(bytes, typed);
}

async function askForCertificate({ privateKey, publicKey }) {
  const proof = await sign(privateKey, fromBase64(challenge));
  const { body } = await patiently(() => post(`${api}/certificate`, { public_key: toBase64(publicKey), proof: toBase64(proof) }));
  const certificate = fromBase64(body.certificate);
  if (!equal(readCertificate(certificate).publicKey, publicKey)) throw new CheckFailed("certificate");
  return { certificate, chain: body.chain.map(fromBase64) };
}

async function signOnce({ privateKey, certificate, chain, read }) {
  progress.start("prepare");
  const prepared = await prepare({ certificate: toBase64(certificate), chain: chain.map(toBase64) });
  progress.start("check");
  const signedAttributes = fromBase64(prepared.signed_attributes);
  const bytes = await patiently(() => getBytes(prepared.prepared));
  await checkPrepared({ displayed: read, prepared: bytes, byteRange: prepared.byte_range, signedAttributes, certificate });
  progress.start("sign");
  return { preparation: prepared.preparation, value: toBase64(await sign(privateKey, signedAttributes)) };
}

async function prepare(content) {
  for (;;) {
    const { status, body } = await patiently(() => post(`${api}/prepare`, content));
    if (status !== WAITING) return body;
    progress.wait();
    await pause(Math.min(Math.max(Number(body.retry_after_ms) || 0, SHORTEST_WAIT_MS), LONGEST_WAIT_MS));
  }
}

async function record(value) {
  progress.start("record");
  state.sent = value;
  const { body } = await patiently(() => post(`${api}/value`, value, [STALE]));
  if (body !== null && body.error) throw new Problem(STALE, body.error);
  state.sent = null;
  progress.finish();
  return body;
}

// A call that may be repeated, repeated while the site cannot be reached.
async function patiently(call) {
  for (const rest of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await pause(rest);
    }
  }
  return call();
}

function tell(error) {
  if (error instanceof Problem) {
    if (!error.passes) {
      state.sent = null;
      if (way === "browser") state.held = null; // the next try begins with a new key
    }
    progress.fail(error.sentences);
    return;
  }
  progress.fail(sentencesFor(error));
  if (error instanceof Pkcs12Error && error.why === "password") password.focus();
}

function sentencesFor(error) {
  if (error instanceof Unreachable) return [progress.sentence("unreachable"), progress.sentence("unreachable_next")];
  if (error instanceof Missing) return [progress.sentence(error.message)];
  if (error instanceof Pkcs12Error) return [progress.sentence(`pkcs12_${error.why}`), progress.sentence("nothing_signed")];
  const check = error instanceof CheckFailed ? `check_${error.check}` : "unexpected";
  return [progress.sentence(check), progress.sentence("nothing_signed"), progress.sentence("tell_secretariat")];
}

function forget() {
  state.held = null;
  if (password !== null) password.value = "";
  if (file !== null) file.value = "";
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Lets the page draw itself before a calculation that takes a moment.
function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
if (file !== null) file.addEventListener("change", () => { state.held = null; });
addEventListener("pagehide", () => { if (password !== null) password.value = ""; });
button.disabled = false;
