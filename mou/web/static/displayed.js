// Remembers, for this tab, the digest of the bytes that were shown, so that another page can hold it against what is signed.

const WORD = "mou displayed";

// The same for all pages of one request: /sign/<token> and what lies below it.
function place() {
  return location.pathname.split("/").slice(0, 3).join("/");
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(WORD)) || {};
  } catch {
    return {}; // storage is switched off, or holds something else
  }
}

// changes: { digest, read }. What is not named stays as it is.
export function rememberDisplayed(changes) {
  const all = kept();
  try {
    sessionStorage.setItem(WORD, JSON.stringify({ ...all, [place()]: { ...all[place()], ...changes } }));
  } catch {
    // Without storage the comparison is left out; the digest that the server names is compared all the same.
  }
}

export function displayed() {
  return kept()[place()] || {};
}
