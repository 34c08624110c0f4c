// Opens a PKCS#12 file (.p12, .pfx) in this page: RSA, P-256, P-384, with old (3DES, RC2) and new (AES) encryption.
//
// node-forge reads the file's structure and undoes the old encryption. Three things are done around it:
// 1. It understands RSA only and would write anew what it understood. So its readers of keys and certificates are switched off,
//    and it hands over the bytes as they are in the file.
// 2. Slow derivation of keys (PBKDF2) is left to WebCrypto: forge is told to stop when it needs a key, and is started again with it.
// 3. A password goes as UTF-8 into PBKDF2 and as UTF-16 into the older derivation (RFC 7292, appendix B). Some old programs put
//    the bytes of UTF-8 where letters should be; that reading is tried second.

import { belongsTogether, chainOf, keyAlgorithm, readCertificate } from "./certificates.js";

export const LARGEST_FILE_BYTES = 1_000_000; // a key, its certificate and its chain take a few thousand
const WEBCRYPTO_HASHES = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

// why: "password", "format", "no_key", "no_certificate" or "kind".
export class Pkcs12Error extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

class DerivedKeyNeeded extends Error {
  constructor(name, password, salt, count, size, hash) {
    super("a derived key is needed");
    Object.assign(this, { name, password, salt, count, size, hash });
  }
}

// The key, its certificate and the file's certificates that lead from it to a root: { privateKey, certificate, chain }.
export async function openPkcs12(bytes, password) {
  const contents = await decrypt(bytes, password);
  if (contents.keys.length === 0) throw new Pkcs12Error("no_key");
  const certificates = contents.certificates.map(readableCertificate).filter(Boolean);
  for (const pkcs8 of contents.keys) {
    const found = await matchingCertificate(pkcs8, certificates);
    if (found !== null) {
      const chain = chainOf(found.certificate, certificates).map((certificate) => certificate.der);
      return { privateKey: found.privateKey, certificate: found.certificate.der, chain };
    }
  }
  throw new Pkcs12Error("no_certificate");
}

async function decrypt(bytes, password) {
  const { forge } = globalThis;
  if (forge === undefined) throw new Error("node-forge is missing");
  const structure = readStructure(forge, bytes);
  let failure = null;
  for (const [letters, isBytes] of readings(password)) {
    try {
      return await decryptWith(forge, structure, letters, isBytes);
    } catch (error) {
      if (!(error instanceof Pkcs12Error) || error.why !== "password") throw error;
      failure = error;
    }
  }
  throw failure;
}

function readStructure(forge, bytes) {
  try {
    return forge.asn1.fromDer(forge.util.createBuffer(bytes), { strict: false, parseAllBytes: false });
  } catch {
    throw new Pkcs12Error("format");
  }
}

// The ways in which a password may have been turned into bytes when the file was made: letters, and whether they are bytes already.
function readings(password) {
  if (password === "") return [["", false], [null, false]];
  const utf8 = Array.from(new TextEncoder().encode(password), (byte) => String.fromCharCode(byte)).join("");
  return utf8 === password ? [[password, true]] : [[password, false], [utf8, true]];
}

async function decryptWith(forge, structure, letters, isBytes) {
  const derived = new Map();
  for (;;) {
    try {
      return withOwnReaders(forge, isBytes, derived, () => bagsOf(forge, forge.pkcs12.pkcs12FromAsn1(structure, false, letters)));
    } catch (error) {
      if (!(error instanceof DerivedKeyNeeded)) throw reasonOf(error);
      derived.set(error.name, await deriveKey(error));
    }
  }
}

// Runs `read` while forge has our functions in place of its own, and puts its own back.
function withOwnReaders(forge, isBytes, derived, read) {
  const { certificateFromAsn1, privateKeyFromAsn1 } = forge.pki;
  const { pbkdf2 } = forge.pkcs5;
  const { generateKey } = forge.pkcs12;
  const leaveAsItIs = () => {
    throw new Error("left as it is");
  };
  forge.pki.certificateFromAsn1 = leaveAsItIs;
  forge.pki.privateKeyFromAsn1 = leaveAsItIs;
  forge.pkcs5.pbkdf2 = (password, salt, count, size, hash) => {
    const letters = password === null ? "" : password;
    const octets = isBytes ? letters : forge.util.encodeUtf8(letters);
    const name = [forge.util.bytesToHex(salt), count, size, hash.algorithm].join(" ");
    if (derived.has(name)) return derived.get(name);
    if (!(hash.algorithm in WEBCRYPTO_HASHES)) return pbkdf2(octets, salt, count, size, hash);
    throw new DerivedKeyNeeded(name, octets, salt, count, size, WEBCRYPTO_HASHES[hash.algorithm]);
  };
  // The key of the check sum is derived by forge itself, slowly; so once, and not again with every start.
  forge.pkcs12.generateKey = (password, salt, purpose, count, size, hash) => {
    const name = ["check sum", salt.toHex(), purpose, count, size].join(" ");
    if (!derived.has(name)) derived.set(name, generateKey(password, salt, purpose, count, size, hash).getBytes());
    return forge.util.createBuffer(derived.get(name));
  };
  try {
    return read();
  } finally {
    Object.assign(forge.pki, { certificateFromAsn1, privateKeyFromAsn1 });
    Object.assign(forge.pkcs12, { generateKey });
    forge.pkcs5.pbkdf2 = pbkdf2;
  }
}

async function deriveKey({ password, salt, count, size, hash }) {
  const bytesOf = (letters) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const secret = await crypto.subtle.importKey("raw", bytesOf(password), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", salt: bytesOf(salt), iterations: count, hash }, secret, size * 8);
  return String.fromCharCode(...new Uint8Array(bits));
}

function bagsOf(forge, file) {
  const { oids } = forge.pki;
  const bytesOf = (bag) => Uint8Array.from(forge.asn1.toDer(bag.asn1).getBytes(), (letter) => letter.charCodeAt(0));
  const ofKind = (kind) => file.getBags({ bagType: kind })[kind] || [];
  return {
    keys: [...ofKind(oids.pkcs8ShroudedKeyBag), ...ofKind(oids.keyBag)].map(bytesOf),
    certificates: ofKind(oids.certBag).map(bytesOf),
  };
}

// forge tells a wrong password by its check sum, or, in a file without one, by a decryption that yields nothing sensible.
function reasonOf(error) {
  const text = String(error && error.message);
  if (/Cannot read PKCS#12 PFX|ContentInfo|version|authSafe/.test(text)) return new Pkcs12Error("format");
  if (/[Uu]nsupported/.test(text)) return new Pkcs12Error("kind");
  return new Pkcs12Error("password");
}

function readableCertificate(der) {
  try {
    return readCertificate(der);
  } catch {
    return null; // another certificate of the file may still be the one
  }
}

// The key in WebCrypto's hands and the certificate that belongs to it: one that counts today before others, then the newest.
async function matchingCertificate(pkcs8, certificates) {
  const algorithm = keyAlgorithm(pkcs8);
  if (algorithm === null) throw new Pkcs12Error("kind");
  const privateKey = await importPrivateKey(pkcs8, algorithm);
  const now = Date.now();
  const counts = (certificate) => certificate.notBefore <= now && now <= certificate.notAfter;
  const ordered = [...certificates].sort((one, other) => counts(other) - counts(one) || other.notAfter - one.notAfter);
  for (const certificate of ordered) {
    const same = keyAlgorithm(certificate.publicKey);
    if (same !== null && same.name === algorithm.name && same.namedCurve === algorithm.namedCurve) {
      if (await belongsTogether(privateKey, certificate.publicKey, algorithm)) return { privateKey, certificate };
    }
  }
  return null;
}

async function importPrivateKey(pkcs8, algorithm) {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  } catch {
    throw new Pkcs12Error("kind");
  }
}
