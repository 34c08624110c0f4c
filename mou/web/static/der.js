// DER, as little of it as signing needs (X.690). Strict: what is not the one right form of a value is refused.

import { concat } from "./bytes.js";

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;

export class DerError extends Error {}

// One element at the start of `bytes`: its tag, its content, and `whole`, which is header and content.
export function readElement(bytes) {
  if (bytes.length < 2) throw new DerError("an element is expected, got nothing");
  const tag = bytes[0];
  if ((tag & 0x1f) === 0x1f) throw new DerError("a tag of one byte is expected");
  const [length, header] = readLength(bytes);
  if (header + length > bytes.length) throw new DerError("an element goes beyond the end");
  return { tag, content: bytes.subarray(header, header + length), whole: bytes.subarray(0, header + length) };
}

// The length after the tag, and how many bytes tag and length take.
function readLength(bytes) {
  const first = bytes[1];
  if (first < 0x80) return [first, 2];
  const size = first & 0x7f;
  if (size === 0 || size > 4 || bytes.length < 2 + size) throw new DerError("a definite length is expected");
  let length = 0;
  for (let place = 2; place < 2 + size; place += 1) length = length * 256 + bytes[place];
  if (length < 0x80 || bytes[2] === 0) throw new DerError("the shortest form of a length is expected");
  return [length, 2 + size];
}

// The only element of `bytes`, with nothing behind it. With `tag`, one of that kind.
export function readOnly(bytes, tag) {
  const element = readElement(bytes);
  if (element.whole.length !== bytes.length) throw new DerError("nothing is expected behind the element");
  return expectTag(element, tag);
}

// All elements that stand one after another in `bytes`.
export function readAll(bytes) {
  const elements = [];
  for (let place = 0; place < bytes.length; ) {
    const element = readElement(bytes.subarray(place));
    elements.push(element);
    place += element.whole.length;
  }
  return elements;
}

export function expectTag(element, tag) {
  if (element === undefined || (tag !== undefined && element.tag !== tag)) throw new DerError("another kind of element is expected");
  return element;
}

// An object identifier as people write it: "1.2.840.113549".
export function oidText(element) {
  const bytes = expectTag(element, OID).content;
  const numbers = [];
  let number = 0;
  for (const byte of bytes) {
    if (number === 0 && byte === 0x80) throw new DerError("an object identifier has a needless byte");
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  if (numbers.length === 0 || bytes[bytes.length - 1] >= 0x80) throw new DerError("an object identifier ends too early");
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

export function writeElement(tag, ...contents) {
  const content = concat(...contents);
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const length = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return concat(Uint8Array.of(tag, 0x80 | length.length, ...length), content);
}
