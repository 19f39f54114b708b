import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compress } from '../../src/al3/compress.ts';
import { MARKS } from '../../src/al3/decompress.ts';
import { offsetOfColumn } from '../../src/al3/group.ts';
import { GroupSplitter } from '../../src/al3/split-groups.ts';
import { bytesOf, dataGroup, group, HEADER, INSURED, MESSAGE, POLICY, TRANSACTION } from './al3-text.ts';

interface Found {
  readonly kind: 'group' | 'stray' | 'space';
  readonly offset: number;
  readonly text: string;
  readonly source: string;
  readonly cut?: boolean;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Everything that an input in these pieces is made of; what follows each other of the same kind as one. */
function split(pieces: readonly Uint8Array[]): Found[] {
  const found: Found[] = [];
  const join = (next: Found): void => {
    const last = found.at(-1);
    if (next.kind === 'group' || last?.kind !== next.kind) found.push(next);
    else
      found[found.length - 1] = { ...last, text: last.text + next.text, source: last.source + next.source };
  };
  const between =
    (kind: 'stray' | 'space') =>
    (offset: number, bytes: Uint8Array): void =>
      join({ kind, offset, text: latin1(bytes), source: latin1(bytes) });
  const splitter = new GroupSplitter({
    group: ({ offset, bytes, source, cut }) =>
      join({ kind: 'group', offset, text: latin1(bytes), source: latin1(source), ...(cut && { cut }) }),
    stray: ({ offset, bytes }) => between('stray')(offset, bytes),
    space: between('space'),
  });
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return found;
}

const found = (text: string): Found[] => split([bytesOf(text)]);
const kinds = (text: string): string[] =>
  found(text)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text: bytes, cut }) => (kind === 'group' ? bytes.slice(0, 4) + (cut ? ' cut' : '') : kind));
const groups = (text: string): string[] =>
  found(text)
    .filter(({ kind }) => kind === 'group')
    .map(({ text: bytes }) => bytes);

const SMALL = [group('1ABC', 20, { 11: 'ONE' }), dataGroup('5DEF', 40, ['A10001'], { 31: 'TWO' })];

describe('groups are told apart', () => {
  test.each(['', '\r\n', '\n', '\r', '  ', '\0\0', '\r\n \x1a\r\n'])('with %j between them', (separator) => {
    expect(groups(SMALL.join(separator) + separator)).toEqual(SMALL);
  });

  test('where lengths count the CR LF', () => {
    const counted = SMALL.map((text) => `${text.slice(0, 4)}0${text.length + 2}${text.slice(7)}\r\n`);
    expect(groups(counted.join('')).map((text) => text.slice(7))).toEqual(SMALL.map((text) => text.slice(7)));
  });

  test('behind a byte order mark', () => {
    expect(kinds(`\xef\xbb\xbf${SMALL.join('')}`)).toEqual(['1ABC', '5DEF']);
  });

  test('where the input ends inside one', () => {
    expect(kinds(SMALL.join('').slice(0, -1))).toEqual(['1ABC', '5DEF cut']);
    expect(kinds(SMALL.join('').slice(0, 27))).toEqual(['1ABC', '5DEF cut']);
    expect(kinds(SMALL.join('').slice(0, 26))).toEqual(['1ABC', 'stray']);
  });

  test('behind bytes that are none', () => {
    const junk = 'not a group 5XYZ050 2026020120';
    expect(kinds(`${SMALL[0]}${junk}${SMALL[1]}`)).toEqual(['1ABC', 'stray', '5DEF']);
    expect(found(`${SMALL[0]}${junk}${SMALL[1]}`)[1]).toMatchObject({ offset: 20, text: junk });
    expect(kinds('no AL3 at all')).toEqual(['stray']);
    expect(kinds('')).toEqual([]);
  });
});

describe('a mark is an escape only where the lengths come out right', () => {
  const withText = (text: string): string[] => [dataGroup('5RMK', 60, ['A10001'], { 31: text }), ...SMALL];

  test.each(['Per\xfa', '\xfa12 m', '\xfa20 \xb320 ', '\xfa04x', 'm\xb3'])(
    '%j is text where it is',
    (text) => {
      expect(groups(withText(text).join(''))).toEqual(withText(text));
    },
  );

  test.each(['', '\r\n', '\n'])('blanks behind it do not look like separators, which are %j', (separator) => {
    const remark = group('5RMK', 90, { 11: 'A10001', 31: 'PAY \xfa20 OR \xb309Z' });
    for (const texts of [
      [remark, ...SMALL],
      [...SMALL, remark],
    ])
      expect(groups(texts.join(separator))).toEqual(texts);
  });

  test.each(['\xfa05.', '\xb306.'])('nor does a CR LF that the length counts, behind %j', (text) => {
    const remark = `${group('5RMK', 52, { 11: 'A10001', 31: `COSTS ${text}` }, '!').slice(0, 50)}\r\n`;
    const [first = '', last = ''] = SMALL;
    expect(groups(first + remark + last)).toEqual([first, remark.slice(0, -2), last]);
  });

  test('a run that is shared shifts no column of the next one', () => {
    const texts = [dataGroup('5ABC', 40, ['A10001'], { 36: '55555' }), dataGroup('5DEF', 40, ['A10002'])];
    const offsets: number[][] = [];
    const splitter = new GroupSplitter({
      group: (found) => offsets.push([1, 2, 9, 31, 40].map((column) => offsetOfColumn(found, column))),
      stray: () => undefined,
      space: () => undefined,
    });
    const packed = compress(bytesOf(texts.join('')), 0xfa);
    splitter.push(packed);
    splitter.end();
    const [, second = []] = offsets;
    const text = latin1(packed);
    const start = text.indexOf('DEF');
    expect(second).toEqual([
      start,
      start,
      text.indexOf('1 A10002'),
      text.lastIndexOf('\xfa'),
      text.lastIndexOf('\xfa'),
    ]);
  });

  test.each([...MARKS])('%i marks runs where there are some', (mark) => {
    const texts = withText('\xfa12 m\xb3\xb320 ');
    const packed = texts.map((text) => compress(bytesOf(text), mark));
    expect(split(packed).map(({ text }) => text)).toEqual(texts);
  });

  test('marks of both kinds mark runs in one file', () => {
    const [first, second] = SMALL.map((text, index) => compress(bytesOf(text), MARKS[index] ?? 0xfa));
    expect(split([first ?? Buffer.alloc(0), second ?? Buffer.alloc(0)]).map(({ text }) => text)).toEqual(
      SMALL,
    );
  });

  test('a run that goes on into the next group is shared', () => {
    const texts = [dataGroup('5ABC', 40, ['A10001'], { 36: '55555' }), dataGroup('5DEF', 40, ['A10002'])];
    const packed = compress(bytesOf(texts.join('')), 0xfa);
    expect(latin1(packed)).toContain('\xfa065DEF');
    expect(groups(latin1(packed))).toEqual(texts);
  });

  test('a run that is longer than its group is told', () => {
    const packed = latin1(compress(bytesOf(SMALL.join('')), 0xfa)).replace('\xfa07?', '\xfa27?');
    expect(kinds(packed + HEADER + TRANSACTION)).toEqual(['1ABC', '5DEF', 'stray', '1MHG', '2TRG']);
  });
});

/** Bytes like those of a file, and not quite. */
const messy = fc
  .array(
    fc.oneof(
      fc
        .constantFrom(...MESSAGE, ...SMALL, HEADER, TRANSACTION, INSURED, POLICY, '\r\n', ' ', '\x1a')
        .map(bytesOf),
      fc.constantFrom(...MESSAGE).map((text) => compress(bytesOf(text), 0xfa)),
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom('\xfa', '\xfa12', '\xb3FFx', '5BIS', '1MHG999', '2TRG212').map(bytesOf),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.concat(pieces));

const cuts = fc.array(fc.nat({ max: 4000 }), { maxLength: 8 });

function piecesOf(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) pieces.push(bytes.subarray(at, (at += length)));
  return [...pieces, bytes.subarray(at)];
}

describe('whatever the bytes', () => {
  test('each is in a group, between two, or told to be none', () => {
    fc.assert(
      fc.property(messy, (bytes) => {
        const all = split([bytes]);
        expect(all.map(({ source }) => source).join('')).toBe(latin1(bytes));
        let at = 0;
        for (const { offset, source } of all) {
          expect(offset).toBe(at);
          at += source.length;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('how they come in pieces changes nothing', () => {
    fc.assert(
      fc.property(messy, cuts, (bytes, lengths) => {
        expect(split(piecesOf(bytes, lengths))).toEqual(split([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  test('also where there are more separators than are looked at together', () => {
    const [, last = ''] = SMALL;
    const remark = group('5RMK', 90, { 11: 'A10001', 31: 'PAY' });
    const packed = latin1(compress(bytesOf(remark), 0xfa));
    const bytes = bytesOf(`${packed}${' '.repeat(9000)}junk${last}`);
    for (const length of [100, 8000, 8192, 8300, 9000]) {
      const found = split(piecesOf(bytes, [length]));
      expect(found).toEqual(split([bytes]));
      expect(found.map(({ text }) => text.trim()).filter((text) => text !== '')).toEqual([
        ...[remark.trim(), 'junk', last],
      ]);
    }
  });

  test('one byte that is another one leaves every byte accounted for', () => {
    const whole = bytesOf(MESSAGE.join('\r\n'));
    const packed = Buffer.concat(MESSAGE.map((text) => compress(bytesOf(text), 0xfa)));
    fc.assert(
      fc.property(
        fc.constantFrom(whole, packed),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (bytes, at, byte) => {
          const mutated = Buffer.from(bytes);
          mutated[at % mutated.length] = byte;
          expect(
            split([mutated])
              .map(({ source }) => source)
              .join(''),
          ).toBe(latin1(mutated));
        },
      ),
      { numRuns: 500 },
    );
  });
});
