import { withoutBlanks } from './latin1-text.ts';
import type { ReadValue } from './element-value.ts';

/** A name of a person in its parts, or of a firm. A part that was not sent is left out, a blank one null. */
export type PersonOrFirm =
  | { readonly type: 'P'; readonly parts: readonly (readonly [part: string, text: string | null])[] }
  | { readonly type: 'C'; readonly name: string };

const PARTS = [
  ['prefix', 8],
  ['first', 16],
  ['middle', 11],
  ['last', 20],
  ['suffix', 4],
] as const;

/** Reads 60 bytes: `P` and the parts, or `C` and a text. Fewer where the group ends before. */
export function readName(text: string): ReadValue {
  const kind = text[0];
  if (kind === 'C')
    return { value: { kind: 'name', name: { type: kind, name: withoutBlanks(text.slice(1)) } } };
  if (kind !== 'P') {
    const rule = 'a name begins with P or C';
    const raw = withoutBlanks(text);
    return { value: { kind: 'text', text: raw }, fault: { code: 'value-misfit', rule, text: raw } };
  }
  const parts: (readonly [string, string | null])[] = [];
  let at = 1;
  for (const [part, length] of PARTS) {
    const written = text.slice(at, at + length);
    at += length;
    if (written !== '' && !/^\?[? ]*$/.test(written)) parts.push([part, withoutBlanks(written) || null]);
  }
  return { value: { kind: 'name', name: { type: kind, parts } } };
}
