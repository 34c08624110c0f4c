// Calls to this site's own interface. An answer that is no success comes as a problem that a person can read.

// What the server told, in the reader's language. It passes when the same call may succeed later.
export class Problem extends Error {
  constructor(status, error) {
    super(String(error.code));
    this.code = String(error.code);
    this.sentences = [error.what, error.kept, error.next].filter(Boolean);
    this.passes = status >= 500 || status === 429;
  }
}

// The site could not be reached, or did not answer as it should. Nothing is known about what it did.
export class Unreachable extends Error {}

// Sends JSON and returns { status, body }. Answers in `expected` are no problem.
export async function post(address, content, expected = []) {
  const answer = await reach(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() },
    body: JSON.stringify(content),
  });
  const body = await jsonOf(answer);
  if (answer.ok || expected.includes(answer.status)) return { status: answer.status, body };
  throw problemOf(answer, body);
}

export async function getBytes(address) {
  const answer = await reach(address, { method: "GET" });
  if (!answer.ok) throw problemOf(answer, await jsonOf(answer));
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new Unreachable(address);
  }
}

async function reach(address, options) {
  try {
    return await fetch(address, { ...options, credentials: "same-origin", cache: "no-store", redirect: "error" });
  } catch {
    throw new Unreachable(address);
  }
}

async function jsonOf(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

function problemOf(answer, body) {
  const error = body && body.error;
  return error ? new Problem(answer.status, error) : new Unreachable(String(answer.status));
}

function csrfToken() {
  const meta = document.querySelector('meta[name="csrf"]');
  return meta ? meta.content : "";
}
