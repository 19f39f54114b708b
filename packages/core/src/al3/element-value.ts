import { dateText, type DateType } from './date-text.ts';
import { decimalText } from './decimal-text.ts';
import type { Element } from './dictionary/dictionary.ts';
import { withoutBlanks } from './latin1-text.ts';
import { readName, type PersonOrFirm } from './name-value.ts';

/**
 * What an element of a group says:
 *
 * | kind       | it is                                          | the receiver                  |
 * |------------|------------------------------------------------|-------------------------------|
 * | `absent`   | behind the end of the group                    | is told nothing               |
 * | `not-sent` | `?` in its first byte                          | keeps what it has             |
 * | `blank`    | nothing but blanks, or a date of zeros         | removes what it has           |
 * | the others | a value                                        | takes it                      |
 *
 * A `number` is a decimal as JSON writes it, never a double. A value that does not fit its type is its `text`.
 */
export type ElementValue =
  | { readonly kind: 'absent' | 'not-sent' | 'blank' }
  | { readonly kind: 'text' | 'number' | 'date'; readonly text: string }
  | { readonly kind: 'name'; readonly name: PersonOrFirm };

/** A value, and what is to be told about it. */
export interface ReadValue {
  readonly value: ElementValue;
  readonly fault?: ValueFault;
}

export interface ValueFault {
  readonly code: 'value-misfit' | 'value-cut' | 'not-sent-with-data';
  readonly rule: string;
  readonly text: string;
}

export interface ValueOptions {
  /** Years of two digits below it are of the 21st century. */
  readonly pivot: number;
}

const ABSENT: ReadValue = { value: { kind: 'absent' } };
const NOT_SENT: ReadValue = { value: { kind: 'not-sent' } };
const BLANK: ReadValue = { value: { kind: 'blank' } };
const QUESTION = 0x3f;
const SPACE = 0x20;

/** Reads an element of a group whose bytes these are, a character each. */
export function readElement(group: string, element: Element, options: ValueOptions): ReadValue {
  const { start, length, type } = element;
  const from = start - 1;
  const to = Math.min(from + length, group.length);
  if (from >= to) return ABSENT;
  const first = group.charCodeAt(from);
  if (first === QUESTION) {
    if (isFilled(group, from, to, QUESTION)) return NOT_SENT;
    const text = group.slice(from, to);
    if (/^[? ]*$/.test(text)) return NOT_SENT;
    return { ...NOT_SENT, fault: { code: 'not-sent-with-data', rule: 'begins with ?', text } };
  }
  if (first === SPACE && isFilled(group, from, to, SPACE)) return BLANK;
  const text = group.slice(from, to);
  if (type === 'NM') return readName(text);
  if (isText(type)) return { value: { kind: 'text', text: withoutBlanks(text) } };
  if (to - from < length) {
    const rule = `the group ends inside it, after ${to - from} of its ${length} bytes`;
    return { value: { kind: 'text', text }, fault: { code: 'value-cut', rule, text } };
  }
  return typed(text, type, options);
}

const isText = (type: string): boolean => !/^(?:[NS]\d|D)/.test(type);

function typed(text: string, type: string, { pivot }: ValueOptions): ReadValue {
  const isDate = type.startsWith('D');
  const found = isDate ? dateText(text, type as DateType, pivot) : decimalText(text, type);
  if ('none' in found) return BLANK;
  if ('rule' in found) {
    const fault: ValueFault = { code: 'value-misfit', rule: found.rule, text };
    return { value: { kind: 'text', text }, fault };
  }
  return { value: { kind: isDate ? 'date' : 'number', text: found.text } };
}

function isFilled(text: string, from: number, to: number, character: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) !== character) return false;
  return true;
}
