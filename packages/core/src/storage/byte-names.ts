/**
 * File names on disk are bytes; keys are text. Both meet here.
 *
 * A *byte string* holds one byte a character (latin1): it costs one byte a character in memory and its natural order
 * is byte order. A key is the name read as UTF-8. A name that is no UTF-8 becomes text by percent-encoding: each of
 * its bad bytes as `%80` … `%FF` and each `%` in it as `%25`. A valid name stays as it is, `%` and all, except one
 * that reads like such an encoding: that one is encoded too, so that no two names share a key and a key leads back
 * to its file without looking at the disk.
 */
import { isUtf8 } from 'node:buffer';

const PLAIN_ASCII = /^[\0-$&-\x7f]*$/;
const ESCAPE = /%(25|[89A-F][0-9A-F])/g;

const toText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
const toBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const isText = (bytes: string): boolean => isUtf8(Buffer.from(bytes, 'latin1'));

const percent = (byte: string): string =>
  `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Length of the UTF-8 character that begins at `at`, or 0. */
function characterLength(bytes: string, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isText(bytes.slice(at, at + length))) return length;
  }
  return 0;
}

function encode(name: string): string {
  let encoded = '';
  for (let at = 0; at < name.length;) {
    const length = characterLength(name, at);
    const character = name.slice(at, at + Math.max(length, 1));
    encoded += length === 0 || character === '%' ? percent(character) : character;
    at += character.length;
  }
  return encoded;
}

/** The name that `encode` turns into `encoded`, if that is what it is. */
function decode(encoded: string): string | undefined {
  const name = encoded.replace(ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return name !== encoded && mustEncode(name) && encode(name) === encoded ? name : undefined;
}

const mustEncode = (name: string): boolean => !isText(name) || decode(name) !== undefined;

const perSegment = (path: string, convert: (segment: string) => string): string =>
  path.split('/').map(convert).join('/');

/** The byte string of a key's UTF-8, from the byte string of a name or path. Keys are sorted in this form. */
export function keyBytesOf(path: string): string {
  if (PLAIN_ASCII.test(path)) return path;
  return perSegment(path, (name) => (mustEncode(name) ? encode(name) : name));
}

/** The byte string of the path that a key in bytes stands for: the inverse of {@link keyBytesOf}. */
export function pathOfKeyBytes(keyBytes: string): string {
  if (!keyBytes.includes('%')) return keyBytes;
  return perSegment(keyBytes, (segment) => decode(segment) ?? segment);
}

/** The key as text, from its UTF-8 as a byte string. */
export const keyOfBytes = (keyBytes: string): string =>
  PLAIN_ASCII.test(keyBytes) ? keyBytes : toText(keyBytes);

/** The byte string of the path that a key stands for, relative as the key is. */
export const pathOfKey = (key: string): string => pathOfKeyBytes(toBytes(key));

/** A path given as text, as a byte string. */
export const bytePath = toBytes;

/** What `node:fs` takes for the byte string of an absolute path; '' is the root of all. */
export const fsPath = (path: string): Buffer => Buffer.from(path === '' ? '/' : path, 'latin1');
