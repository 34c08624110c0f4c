// What this page looks at before it lets a key sign. Each check has a name, which the page turns into a sentence.
//
// 1. displayed    the document is, byte for byte, the one that was read on this device
// 2. prefix       what was prepared begins with exactly these bytes
// 3. room         only the room for the signature itself is left out of the digest, and it is empty
// 4. digest       the signed attributes name the digest of what was prepared
// 5. certificate  the signed attributes name the certificate that this page uses
// 6. attributes   the signed attributes say nothing else

import { equal, sha256, startsWith, concat } from "./bytes.js";
import { DerError, expectTag, OCTET_STRING, OID, oidText, readAll, readOnly, SEQUENCE, SET } from "./der.js";

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const DATA = "1.2.840.113549.1.7.1";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
const SHA_256 = "2.16.840.1.101.3.4.2.1";
const ALLOWED = new Set([CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, ALGORITHM_PROTECTION]);
const [LESS_THAN, GREATER_THAN, ZERO] = [0x3c, 0x3e, 0x30];

export class CheckFailed extends Error {
  constructor(check) {
    super(check);
    this.check = check;
  }
}

function must(holds, check) {
  if (!holds) throw new CheckFailed(check);
}

// displayed, prepared, signedAttributes, certificate: bytes. byteRange: four integers.
export async function checkPrepared({ displayed, prepared, byteRange, signedAttributes, certificate }) {
  must(startsWith(prepared, displayed), "prefix");
  must(onlyRoomIsLeftOut(prepared, byteRange, displayed.length), "room");
  const attributes = readAttributes(signedAttributes);
  const [, first, second, length] = byteRange;
  const digest = await sha256(concat(prepared.subarray(0, first), prepared.subarray(second, second + length)));
  must(equal(attributes.messageDigest, digest), "digest");
  must(equal(attributes.certificateHash, await sha256(certificate)), "certificate");
}

// Two ranges from the first byte to the last; between them, behind what was read, zeros in hexadecimal between < and >.
function onlyRoomIsLeftOut(prepared, byteRange, lengthRead) {
  if (!Array.isArray(byteRange) || byteRange.length !== 4 || !byteRange.every(Number.isInteger)) return false;
  const [start, first, second, length] = byteRange;
  if (start !== 0 || first < lengthRead || second <= first + 2 || second + length !== prepared.length || length <= 0) return false;
  const room = prepared.subarray(first, second);
  return room[0] === LESS_THAN && room[room.length - 1] === GREATER_THAN && room.subarray(1, -1).every((byte) => byte === ZERO);
}

// The DER SET OF attributes (RFC 5652, 5.3): the digest of the content and the hash of the certificate.
export function readAttributes(der) {
  try {
    const values = new Map(readAll(readOnly(der, SET).content).map(readAttribute));
    must(values.size === readAll(readOnly(der, SET).content).length, "attributes");
    must([...values.keys()].every((name) => ALLOWED.has(name)), "attributes");
    must(values.has(CONTENT_TYPE) && oidText(values.get(CONTENT_TYPE)) === DATA, "attributes");
    return {
      messageDigest: expectTag(values.get(MESSAGE_DIGEST), OCTET_STRING).content,
      certificateHash: readCertificateHash(values.get(SIGNING_CERTIFICATE_V2)),
    };
  } catch (error) {
    if (error instanceof DerError) throw new CheckFailed("attributes");
    throw error;
  }
}

function readAttribute(element) {
  const [name, values] = readAll(expectTag(element, SEQUENCE).content);
  return [oidText(expectTag(name, OID)), readOnly(expectTag(values, SET).content)];
}

// The hash in the first ESSCertIDv2 (RFC 5035); its algorithm is left out when it is SHA-256.
function readCertificateHash(value) {
  const [list] = readAll(expectTag(value, SEQUENCE).content);
  const [first] = readAll(expectTag(list, SEQUENCE).content);
  const parts = readAll(expectTag(first, SEQUENCE).content);
  if (parts[0] !== undefined && parts[0].tag === SEQUENCE) {
    must(oidText(readAll(parts[0].content)[0]) === SHA_256, "certificate");
    parts.shift();
  }
  return expectTag(parts[0], OCTET_STRING).content;
}
