import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from '../json-bytes.ts';
import { fitsDouble, isInt64Text } from './number-text.ts';
import { KINDS, type Kind, type Seen } from './seen.ts';

const indexOf = (kind: Kind): number => KINDS.indexOf(kind);
const NULL = indexOf('null');
const BOOLEAN = indexOf('boolean');
const INTEGER = indexOf('integer');
const WIDE_INTEGER = indexOf('integer beyond doubles');
const NUMBER = indexOf('number');
const WIDE_NUMBER = indexOf('number beyond doubles');
const STRING = indexOf('string');
const OBJECT = indexOf('object');
const ARRAY = indexOf('array');

/** Any decimal of so many digits comes back from a double as it was: IEEE 754's `DBL_DIG`. */
const EXACT_DIGITS = 15;
/** Longer strings are no examples. */
const MAX_EXAMPLE_LENGTH = 30;

/** Gives the place of a top-level key, or undefined where none is kept. */
export type ColumnOf = (key: string) => Seen | undefined;

/**
 * Goes once through the text of a JSON object and counts what it holds, place by place. It reads the raw text, for
 * `JSON.parse` rounds numbers. The text must be valid JSON: this only finds where things begin and end.
 */
export function walkRecord(text: string, columnOf: ColumnOf): void {
  new Walk(text).object(columnOf);
}

class Walk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  /** At an open brace; ends behind its partner. */
  object(placeOf: ColumnOf): void {
    this.#at++;
    for (;;) {
      this.#skipSeparators();
      if (this.#code() === CLOSE_BRACE) break;
      const place = placeOf(this.#key());
      this.#skipSeparators();
      this.#value(place);
    }
    this.#at++;
  }

  #array(elements: Seen): void {
    this.#at++;
    for (;;) {
      this.#skipSeparators();
      if (this.#code() === CLOSE_BRACKET) break;
      this.#value(elements);
    }
    this.#at++;
  }

  #value(seen: Seen | undefined): void {
    const code = this.#code();
    if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#nested(seen, code);
    else if (seen === undefined) this.#skipScalar();
    else this.#scalar(seen, code);
  }

  #nested(seen: Seen | undefined, code: number): void {
    seen?.add(code === OPEN_BRACE ? OBJECT : ARRAY);
    if (seen?.opens() !== true) this.#skipNested();
    else if (code === OPEN_BRACE) this.object((key) => seen.field(key));
    else if (this.#isEmptyArray()) this.#skipNested();
    else this.#array(seen.elements());
  }

  #isEmptyArray(): boolean {
    let at = this.#at + 1;
    while (this.#text.charCodeAt(at) <= SPACE) at++;
    return this.#text.charCodeAt(at) === CLOSE_BRACKET;
  }

  #scalar(seen: Seen, code: number): void {
    const start = this.#at;
    this.#skipScalar();
    const kind = this.#kindOf(code, start);
    seen.add(kind);
    if (kind !== NULL && seen.needsExample(kind))
      seen.keepExample(kind, cutExample(this.#text.slice(start, this.#at)));
  }

  #kindOf(code: number, start: number): number {
    if (code === QUOTE) return STRING;
    if (code === 0x6e) return NULL;
    if (code === 0x74 || code === 0x66) return BOOLEAN;
    return kindOfNumber(this.#text.slice(start, this.#at));
  }

  #key(): string {
    const start = this.#at;
    this.#skipString();
    const inner = this.#text.slice(start + 1, this.#at - 1);
    return inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner;
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #skipSpace(): void {
    while (this.#code() <= SPACE) this.#at++;
  }

  #skipSeparators(): void {
    for (let code = this.#code(); code <= SPACE || code === COMMA || code === COLON; code = this.#code())
      this.#at++;
  }

  #skipScalar(): void {
    if (this.#code() === QUOTE) {
      this.#skipString();
      return;
    }
    for (let code = this.#code(); isOfScalar(code); code = this.#code()) this.#at++;
  }

  /** At a quote; ends behind its partner, the next one with an even number of backslashes before it. */
  #skipString(): void {
    for (;;) {
      this.#at = this.#text.indexOf('"', this.#at + 1);
      let before = this.#at - 1;
      while (this.#text.charCodeAt(before) === BACKSLASH) before--;
      if ((this.#at - before) % 2 === 1) break;
    }
    this.#at++;
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const code = this.#code();
      if (code === QUOTE) this.#skipString();
      else {
        if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
        else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
        this.#at++;
      }
    } while (depth > 0);
  }
}

const isOfScalar = (code: number): boolean =>
  code > SPACE && code !== COMMA && code !== CLOSE_BRACE && code !== CLOSE_BRACKET;

const cutExample = (raw: string): string =>
  raw.length <= MAX_EXAMPLE_LENGTH ? raw : `${raw.slice(0, MAX_EXAMPLE_LENGTH)}…`;

function kindOfNumber(raw: string): number {
  const isPlain = /^-?\d+$/.test(raw);
  if (raw.length <= EXACT_DIGITS && raw !== '-0') {
    if (isPlain) return INTEGER;
    if (/^[-\d.]+$/.test(raw)) return NUMBER;
  }
  const fits = fitsDouble(raw);
  if (isPlain && isInt64Text(raw)) return fits ? INTEGER : WIDE_INTEGER;
  return fits ? NUMBER : WIDE_NUMBER;
}
