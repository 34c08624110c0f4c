// A key that is made here, used once and forgotten. WebCrypto keeps the private half where no script can read it.

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };

// A new key pair: `privateKey` can sign and cannot be taken out, `publicKey` is its SubjectPublicKeyInfo.
export async function makeKey() {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)) };
}

// The signature value over `bytes`, SHA-256: r and s side by side for ECDSA, PKCS#1 v1.5 for RSA.
export async function sign(privateKey, bytes) {
  return new Uint8Array(await crypto.subtle.sign({ name: privateKey.algorithm.name, hash: "SHA-256" }, privateKey, bytes));
}

// WebCrypto exists only on pages that came over https or from this very machine.
export function canSign() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto && crypto.subtle);
}
