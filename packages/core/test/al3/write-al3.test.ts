import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Al3Event } from '../../src/al3/al3-reader.ts';
import { MARKS } from '../../src/al3/decompress.ts';
import type { SourceGroup } from '../../src/al3/group.ts';
import type { Item, TreeNode } from '../../src/al3/transaction.ts';
import { writeItems, type Al3Layout } from '../../src/al3/write-al3.ts';
import {
  bytesOf,
  dataGroup,
  eventsOf,
  group,
  HEADER,
  MESSAGE,
  told,
  trailer,
  TRANSACTION,
} from './al3-text.ts';

/** Everything of an input in its order. */
const itemsOf = (events: readonly Al3Event[]): Item[] =>
  events.flatMap((event) => {
    switch (event.kind) {
      case 'message':
        return [event.header ?? [], event.groups]
          .flat()
          .map((one) => ({ kind: 'group' as const, group: one }));
      case 'transaction':
        return event.transaction.items;
      case 'outside':
        return event.items;
      case 'trailer':
        return event.trailer ? [{ kind: 'group' as const, group: event.trailer }] : [];
      default:
        return [];
    }
  });

/** What a group says, without where and how it stands. */
const said = ({ header, bytes, cut }: SourceGroup): unknown => [
  header,
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/^(.{4}).../s, '$1'),
  cut,
];
const tree = ({ group: one, extensions, children }: TreeNode): unknown => [
  said(one),
  extensions.map(said),
  children.map(tree),
];

/** All that events say, without offsets. */
const meaning = (events: readonly Al3Event[]): unknown[] =>
  events.map((event) => {
    switch (event.kind) {
      case 'message':
        return ['message', event.header && said(event.header), event.groups.map(said)];
      case 'transaction':
        return [tree(event.transaction.root), told([event]).map((code) => code.replace(/@.*/, ''))];
      case 'trailer':
        return ['trailer', event.trailer && said(event.trailer)];
      case 'diagnostic':
        return event.diagnostic.code;
      default:
        return event.kind;
    }
  });

const texts = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  fc
    .array(fc.constantFrom('?', ' ', '0', '5', 'ú', '³', 'ú1', 'ú20 ', '³05?', '\r\n', 'A'), {
      maxLength: 40,
    })
    .map((pieces) => pieces.join('')),
  fc
    .tuple(fc.constantFrom('?', ' ', '5', 'Z'), fc.nat({ max: 300 }))
    .map(([byte, count]) => byte.repeat(count)),
);
const place = fc
  .tuple(fc.constantFrom('B1', 'F1', 'L1'), fc.integer({ min: 1, max: 3 }))
  .map(([level, iteration]) => `${level}000${iteration}`);
const names = fc.constantFrom('5BIS', '9BIS', '5BPI', '5LAG', '6CVA', '5ZZZ');
const dataGroups = fc
  .tuple(names, place, fc.option(fc.tuple(names, place)), texts)
  .map(([name, at, parent, text]) =>
    dataGroup(name, 30 + Math.max(1, text.length), [at, parent?.join('') ?? ''], { 31: text }),
  );
const transactions = fc.array(dataGroups, { maxLength: 8 }).map((groups) => [TRANSACTION, ...groups]);
const files = fc
  .array(fc.tuple(fc.array(transactions, { maxLength: 3 }), fc.boolean()), { minLength: 1, maxLength: 3 })
  .map((messages) =>
    messages.flatMap(([parts, hasMore]) => [
      HEADER,
      ...(hasMore ? [group('1XYZ', 25, { 11: 'MORE' })] : []),
      ...parts.flat(),
      trailer(0),
    ]),
  )
  // Written once, as nobody can misread it: what the text of a group holds may look like another group.
  .map((groups) => eventsOf(Buffer.concat(groups.map((text) => written(text)))));

/** One group in a form that can be read in one way only. */
function written(text: string): Buffer {
  const length = text.length + 2;
  return Buffer.concat([
    bytesOf(text.slice(0, 4) + String(length).padStart(3, '0') + text.slice(7)),
    bytesOf('\r\n'),
  ]);
}

const layouts: fc.Arbitrary<Al3Layout> = fc.record({
  separator: fc.constantFrom('crlf', 'lf', 'none'),
  countsSeparator: fc.boolean(),
  mark: fc.option(fc.constantFrom(...MARKS), { nil: undefined }),
});

describe('what is written is read again', () => {
  test('the same tree in every layout', () => {
    fc.assert(
      fc.property(files, layouts, (events, layout) => {
        const again = eventsOf(writeItems(itemsOf(events), layout));
        expect(meaning(again)).toEqual(meaning(events));
      }),
      { numRuns: 400 },
    );
  });

  test('as it was, where the layout is that of the input', () => {
    for (const [separator, between] of [
      ['crlf', '\r\n'],
      ['lf', '\n'],
      ['none', ''],
    ] as const) {
      const text = MESSAGE.map((one) => one + between).join('');
      expect(writeItems(itemsOf(eventsOf(text)), { separator }).toString('latin1')).toBe(text);
    }
  });

  test('bytes that are no group too', () => {
    const text = `${HEADER}${TRANSACTION}junk${trailer(3)}`;
    expect(writeItems(itemsOf(eventsOf(text)), { separator: 'none' }).toString('latin1')).toBe(text);
  });

  test('a group that the input ends in stays one that ends too early', () => {
    const text = MESSAGE.join('').slice(0, 1000);
    expect(writeItems(itemsOf(eventsOf(text)), { separator: 'none' }).toString('latin1')).toBe(text);
  });
});
