// What signing needs to know of a certificate: its public key, and from when until when it counts (RFC 5280, 4.1).

import { equal } from "./bytes.js";
import { DerError, expectTag, GENERALIZED_TIME, OID, oidText, readAll, readOnly, SEQUENCE, UTC_TIME } from "./der.js";

const LONGEST_CHAIN = 6;
const VERSION = 0xa0;
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const CURVES = { "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521" };

// publicKey, issuer, subject: as they stand there, in DER; notBefore and notAfter: milliseconds.
export function readCertificate(der) {
  const [tbs] = readAll(readOnly(der, SEQUENCE).content);
  const fields = readAll(expectTag(tbs, SEQUENCE).content);
  const [, , issuer, validity, subject, publicKey] = fields[0].tag === VERSION ? fields.slice(1) : fields;
  const [notBefore, notAfter] = readAll(expectTag(validity, SEQUENCE).content).map(readTime);
  return { der, issuer: issuer.whole, subject: subject.whole, publicKey: expectTag(publicKey, SEQUENCE).whole, notBefore, notAfter };
}

// How WebCrypto names the algorithm of a SubjectPublicKeyInfo or of a PKCS#8 private key; null for one that cannot sign here.
export function keyAlgorithm(der) {
  const parts = readAll(readOnly(der, SEQUENCE).content);
  const [name, parameters] = readAll(expectTag(parts.find((part) => part.tag === SEQUENCE), SEQUENCE).content);
  if (oidText(name) === RSA) return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const curve = oidText(name) === EC && parameters !== undefined && parameters.tag === OID ? CURVES[oidText(parameters)] : undefined;
  return curve === undefined ? null : { name: "ECDSA", namedCurve: curve };
}

function readTime(element) {
  const text = String.fromCharCode(...element.content);
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  const digits = { [UTC_TIME]: 2, [GENERALIZED_TIME]: 4 }[element.tag];
  if (parts === null || parts[1].length !== digits) throw new DerError("a time of a certificate is expected");
  const year = digits === 4 ? Number(parts[1]) : Number(parts[1]) + (Number(parts[1]) < 50 ? 2000 : 1900);
  const [month, day, hour, minute, second] = parts.slice(2).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

// The way from a certificate towards a root: who issued it, who issued that one, and so on.
export function chainOf(certificate, others) {
  const chain = [];
  for (let last = certificate; chain.length < LONGEST_CHAIN; last = chain[chain.length - 1]) {
    const issuer = others.find((other) => equal(other.subject, last.issuer) && other !== certificate && !chain.includes(other));
    if (issuer === undefined) break;
    chain.push(issuer);
  }
  return chain;
}

// Whether a private key, as WebCrypto holds it, belongs to the public key: it signs a trial text.
export async function belongsTogether(privateKey, publicKey, algorithm) {
  const trial = crypto.getRandomValues(new Uint8Array(32));
  const how = { name: algorithm.name, hash: "SHA-256" };
  const verifying = await crypto.subtle.importKey("spki", publicKey, algorithm, false, ["verify"]);
  return crypto.subtle.verify(how, verifying, await crypto.subtle.sign(how, privateKey, trial), trial);
}
