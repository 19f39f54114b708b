import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Al3Event } from '../../src/al3/al3-reader.ts';
import {
  bytesOf,
  dataGroup,
  eventsOf,
  group,
  HEADER,
  INSURED,
  LOCATION,
  MESSAGE,
  POLICY,
  told,
  trailer,
  TRANSACTION,
  VEHICLE,
} from './al3-text.ts';

/** What happens, without diagnostics. */
function happens(events: readonly Al3Event[]): string[] {
  return events.flatMap((event) => {
    switch (event.kind) {
      case 'message':
        return [
          [event.header?.header.group ?? 'none', ...event.groups.map(({ header }) => header.group)].join('+'),
        ];
      case 'transaction':
        return [`T${event.transaction.items.length}`];
      case 'long-transaction':
        return [`long ${event.kept.rawLength}`];
      case 'outside':
        return [`outside ${event.items.length}`];
      case 'trailer':
        return [event.trailer ? 'end' : 'no end'];
      case 'diagnostic':
        return [];
    }
  });
}

const WHOLE = MESSAGE.join('');
const EXTRA = group('1XYZ', 20, { 11: 'MORE' });

describe('messages and transactions', () => {
  test.each<[string, string, string[], string[]]>([
    ['a message', WHOLE, ['1MHG', 'T5', 'end'], []],
    ['two messages', WHOLE + WHOLE, ['1MHG', 'T5', 'end', '1MHG', 'T5', 'end'], []],
    [
      'two transactions',
      HEADER + TRANSACTION + TRANSACTION + INSURED + trailer(5),
      ['1MHG', 'T1', 'T2', 'end'],
      [],
    ],
    ['no transaction', HEADER + trailer(2), ['1MHG', 'end'], []],
    ['groups of the header', HEADER + EXTRA + TRANSACTION + trailer(4), ['1MHG+1XYZ', 'T1', 'end'], []],
    ['no trailer', HEADER + TRANSACTION, ['1MHG', 'T1', 'no end'], ['trailer-missing@0']],
    [
      'no trailer before the next message',
      HEADER + TRANSACTION + HEADER + trailer(2),
      ['1MHG', 'T1', 'no end', '1MHG', 'end'],
      ['trailer-missing@0'],
    ],
    ['no header', TRANSACTION + INSURED, ['none', 'T2', 'no end'], ['header-missing@0']],
    ['a trailer alone', trailer(1), ['none', 'end'], ['header-missing@0']],
    [
      'data before a transaction',
      HEADER + INSURED + TRANSACTION + trailer(4),
      ['outside 1', '1MHG', 'T1', 'end'],
      ['outside-transaction@196'],
    ],
    ['data alone', INSURED, ['outside 1', 'none', 'no end'], ['header-missing@0', 'outside-transaction@0']],
    [
      'bytes that are no group in a transaction',
      HEADER + TRANSACTION + 'junk' + INSURED + trailer(4),
      ['1MHG', 'T3', 'end'],
      ['not-a-group@408'],
    ],
    [
      'bytes that are no group outside of one',
      `junk${WHOLE}`,
      ['outside 1', '1MHG', 'T5', 'end'],
      ['not-a-group@0'],
    ],
    ['no AL3', 'id,name\n1,x\n', ['outside 1'], ['not-a-group@0']],
    ['nothing', '', [], []],
    [
      'an end inside a group',
      (HEADER + TRANSACTION + INSURED).slice(0, -1),
      ['1MHG', 'T2', 'no end'],
      ['cut-group@408', 'trailer-missing@0'],
    ],
    ['a byte order mark', `\xef\xbb\xbf${WHOLE}`, ['1MHG', 'T5', 'end'], ['byte-order-mark@0']],
  ])('%s', (_name, text, expected, codes) => {
    const events = eventsOf(text);
    expect(happens(events)).toEqual(expected);
    expect(told(events)).toEqual(codes);
  });

  test('more groups before the first transaction than a header may have are none of its', () => {
    const events = eventsOf(HEADER + EXTRA.repeat(1002) + TRANSACTION + trailer(1005));
    expect(happens(events).map((word) => word.replaceAll('+1XYZ', '+'))).toEqual([
      'outside 2',
      `1MHG${'+'.repeat(1000)}`,
      'T1',
      'end',
    ]);
  });

  test('what is cut elsewhere is left out without a word', () => {
    expect(told(eventsOf(WHOLE))).toEqual([]);
  });
});

describe('the total of a trailer', () => {
  const counted = (unit: string, total: number): string[] => {
    const text = [HEADER.slice(0, 97) + unit + HEADER.slice(98), TRANSACTION, trailer(total)].join('\r\n');
    return told(eventsOf(`${text}\r\n`));
  };
  const characters = 196 + 212 + 240;

  test.each([
    ['1', 3],
    ['0', characters],
    ['0', characters + 4],
    ['0', characters + 6],
    ['?', 999],
    [' ', 999],
  ])('agrees: unit %j, total %i', (unit, total) => {
    expect(counted(unit, total)).toEqual([]);
  });

  test.each([
    ['1', 4],
    ['1', characters],
    ['0', 3],
    ['0', characters + 7],
  ])('does not agree: unit %j, total %i', (unit, total) => {
    expect(counted(unit, total)).toEqual([`count-differs@${196 + 2 + 212 + 2 + 10}`]);
  });
});

/** `NAME(children…)`, what was merged behind a plus. */
function drawn(text: string): string {
  const transaction = eventsOf(HEADER + TRANSACTION + text).find(({ kind }) => kind === 'transaction');
  if (transaction?.kind !== 'transaction') return 'none';
  type Node = (typeof transaction.transaction)['root'];
  const draw = ({ group: { header }, extensions, children }: Node): string => {
    const name = [header, ...extensions.map((one) => one.header)].map((one) => one.group.slice(1)).join('+');
    const below = children.length === 0 ? '' : `(${children.map(draw).join(' ')})`;
    return `${name}${header.iteration ?? ''}${below}`;
  };
  return draw(transaction.transaction.root);
}

const SECOND_LOCATION = dataGroup('5LAG', 168, ['L10002', '5BPIF10001']);
const COVERAGE = dataGroup('6CVA', 60, ['W10001', '5VEHR10001']);

describe('the tree', () => {
  test.each<[string, string, string, string[]]>([
    ['hangs from parents', INSURED + POLICY + LOCATION + VEHICLE, 'TRG(BIS1(BPI1(LAG1(VEH1))))', []],
    [
      'iterations that begin anew: the nearest before it',
      INSURED +
        POLICY +
        LOCATION +
        VEHICLE +
        SECOND_LOCATION +
        dataGroup('5VEH', 60, ['R10001', '5LAGL10002']) +
        COVERAGE,
      'TRG(BIS1(BPI1(LAG1(VEH1) LAG2(VEH1(CVA1)))))',
      [],
    ],
    [
      'no parent of that iteration: the nearest of the name',
      INSURED + POLICY + dataGroup('5LAG', 60, ['L10001', '5BPIF10007']),
      'TRG(BIS1(BPI1(LAG1)))',
      ['parent-inexact@881'],
    ],
    [
      'no parent of that name: the transaction',
      INSURED + dataGroup('5LAG', 60, ['L10001', '5XXXF10001']),
      'TRG(BIS1 LAG1)',
      ['parent-missing@596'],
    ],
    ['a parent that comes later is none', POLICY + INSURED, 'TRG(BPI1 BIS1)', ['parent-missing@424']],
    [
      'no group is its own parent',
      dataGroup('5BIS', 60, ['B10001', '5BISB10001']),
      'TRG(BIS1)',
      ['parent-missing@424'],
    ],
    [
      '9xxx belongs to its 5xxx',
      INSURED + dataGroup('5BIS', 60, ['B10002']) + dataGroup('9BIS', 60, ['B10001']),
      'TRG(BIS+BIS1 BIS2)',
      [],
    ],
    [
      '9xxx without its 5xxx stays',
      INSURED + dataGroup('9BIS', 60, ['B10002']),
      'TRG(BIS1 BIS2)',
      ['base-missing@580'],
    ],
  ])('%s', (_name, text, expected, codes) => {
    expect(drawn(text)).toBe(expected);
    expect(told(eventsOf(HEADER + TRANSACTION + text))).toEqual([...codes, 'trailer-missing@0']);
  });
});

describe('a transaction with more bytes than allowed', () => {
  test('is told by its bytes alone, and what follows is read', () => {
    const long = TRANSACTION + INSURED.repeat(20);
    const text = HEADER + TRANSACTION + long + TRANSACTION + trailer(25);
    const events = eventsOf(text, { maxTransactionBytes: 2000 });
    expect(happens(events)).toEqual(['1MHG', 'T1', `long ${long.length}`, 'T1', 'end']);
    expect(told(events)).toEqual(['transaction-too-long@408']);
  });

  test('as has what stands outside of one', () => {
    const events = eventsOf('junk '.repeat(1000), { maxTransactionBytes: 2000 });
    expect(events.map(({ kind }) => kind)).toEqual(['diagnostic', 'outside']);
    const sha256 = createHash('sha256').update('junk '.repeat(1000)).digest('hex');
    expect(events[1]).toMatchObject({ items: [], kept: { rawLength: 5000, sha256 } });
    const pieces = Array.from({ length: 50 }, () => bytesOf('junk '.repeat(1000)));
    const [, whole] = eventsOf(Buffer.concat(pieces), { maxTransactionBytes: 2000 });
    expect(eventsOf(pieces, { maxTransactionBytes: 2000 })[1]).toEqual(whole);
  });
});

test('a transaction keeps its bytes', () => {
  const events = eventsOf(bytesOf(MESSAGE.join('\r\n')));
  const transaction = events.find(({ kind }) => kind === 'transaction');
  const kept = transaction?.kind === 'transaction' ? transaction.kept.finish() : undefined;
  expect(Buffer.from(kept?.raw ?? []).toString('latin1')).toBe(`${MESSAGE.slice(1, -1).join('\r\n')}\r\n`);
});

test('whatever the bytes, it ends', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...MESSAGE).map(bytesOf), fc.uint8Array())), (pieces) => {
      const events = eventsOf(pieces, { maxTransactionBytes: 700 });
      const opened = events.filter(({ kind }) => kind === 'message').length;
      expect(events.filter(({ kind }) => kind === 'trailer')).toHaveLength(opened);
    }),
  );
});
