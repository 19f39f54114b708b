import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { STARTER_DICTIONARY } from '../../src/al3/dictionary/starter.ts';
import { TransactionReader } from '../../src/al3/transaction-reader.ts';
import { openTransactionWriter } from '../../src/al3/transaction-writer.ts';
import type { Frozen } from '../../src/shapes/run.ts';
import {
  bytesOf,
  dataGroup,
  documentOf,
  HEADER,
  INSURED,
  MESSAGE,
  POLICY,
  trailer,
  TRANSACTION,
  type ParsedDocument,
} from './al3-text.ts';

interface Run {
  readonly layout?: Frozen['layout'];
  readonly format?: Frozen['format'];
  readonly strict?: boolean;
  readonly shape?: 'tree' | 'flat';
  readonly maxRecordBytes?: number;
}

const frozenOf = ({
  layout = 'mirror',
  format = 'json',
  strict = false,
  shape = 'tree',
  maxRecordBytes = 1 << 20,
}: Run) =>
  ({
    ...{ layout, format, maxRecordBytes },
    al3: {
      dictionary: [...STARTER_DICTIONARY.values()],
      pivot: 50,
      decimals: 'number',
      raw: false,
      shape,
      strict,
    },
  }) as unknown as Frozen;

/** What a worker makes of inputs that come in these pieces. */
async function convert(inputs: readonly (readonly Uint8Array[])[], run: Run = {}, isCut = false) {
  const frozen = frozenOf(run);
  const reader = new TransactionReader(frozen);
  const written: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array) => Promise.resolve(void written.push(Uint8Array.from(bytes))) };
  const writer = openTransactionWriter(frozen, sink);
  for (const [index, pieces] of inputs.entries()) {
    reader.startInput(0, undefined, 0, `${index}.al3`);
    for (const piece of pieces) {
      reader.push(piece);
      for (let batch = reader.next(); batch; batch = reader.next()) await writer.append(batch);
    }
    reader.endInput(isCut);
  }
  const rest = reader.flush();
  if (rest) await writer.append(rest);
  const { rows, bytes } = await writer.finish();
  const text = Buffer.concat(written).toString();
  expect([bytes, rows]).toEqual([Buffer.byteLength(text), reader.counts.rows]);
  return { text, bad: reader.takeBad(), counts: reader.counts, diagnostics: reader.diagnostics };
}

const one = (text: string, run?: Run, isCut?: boolean) => convert([[bytesOf(text)]], run, isCut);
const documentIn = async (text: string, run?: Run): Promise<ParsedDocument> =>
  JSON.parse((await one(text, run)).text) as ParsedDocument;

const GOOD = MESSAGE.join('\r\n');
const JUNK = [HEADER, TRANSACTION, INSURED, 'junk', TRANSACTION, POLICY, trailer(5)].join('');
const MISFIT = [HEADER, TRANSACTION, dataGroup('5LAG', 168, ['L10001'], { 31: 'X' }), trailer(4)].join('');
const CUT = [HEADER, TRANSACTION, TRANSACTION, INSURED].join('').slice(0, -10);

describe('a document', () => {
  test('is what inspection shows, where everything is good', async () => {
    expect(await documentIn(GOOD)).toEqual(await documentOf(GOOD));
  });

  test('lacks what is put aside, and tells of it', async () => {
    const { messages, diagnostics, outside } = await documentIn(`${JUNK}${INSURED}`);
    expect(messages.map(({ transactions }) => transactions.length)).toEqual([1, 0]);
    expect(messages[0]?.transactions[0]?.offset).toBe(584);
    expect(outside).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('not-a-group');
  });

  test.each(['', 'no AL3', HEADER])('is one without transactions: %j', async (text) => {
    expect((await documentIn(text)).messages.flatMap(({ transactions }) => transactions)).toEqual([]);
  });
});

describe('flat', () => {
  const names = ['1MHG', '2TRG', '5BIS', '5BPI', '5LAG', '5VEH', '3MTG'];

  test('a document has all groups one after the other', async () => {
    const { text } = await one(GOOD, { shape: 'flat' });
    const { groups, diagnostics } = JSON.parse(text) as {
      groups: { group_name: string; data: Record<string, unknown> }[];
      diagnostics: unknown[];
    };
    expect(groups.map(({ group_name }) => group_name)).toEqual(names);
    expect(groups[3]?.data).toMatchObject({ policy_number: 'POL-1' });
    expect(diagnostics).toEqual([]);
  });

  test('a line has those of its transaction', async () => {
    const { text } = await one(GOOD, { shape: 'flat', format: 'ndjson', layout: 'parts' });
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toMatchObject({
      ...{ input: '0.al3', message: { group_name: '1MHG' } },
      groups: names.slice(1, -1).map((name) => ({ group_name: name })),
    });
  });

  test.each(['', 'junk', HEADER, TRANSACTION])('is a document whatever there is: %j', async (text) => {
    expect(JSON.parse((await one(text, { shape: 'flat' })).text)).toHaveProperty('groups');
  });
});

describe('what is put aside', () => {
  test('is a whole transaction, with its bytes', async () => {
    const { bad, counts } = await one(JUNK);
    const raw = `${TRANSACTION}${INSURED}junk`;
    expect(bad).toEqual([
      {
        ...{ offset: 196, line: 1, reason: 'not-a-group', raw: bytesOf(raw), rawLength: raw.length },
        detail: 'at byte 580: 4 bytes are no group: "junk"',
        sha256: createHash('sha256').update(bytesOf(raw)).digest('hex'),
      },
    ]);
    expect(counts).toMatchObject({ records: 2, rows: 1, bad: 1, lines: 2 });
  });

  test.each<[string, string, Run, readonly string[]]>([
    ['a value that does not fit', MISFIT, {}, []],
    ['a value that does not fit, strictly', MISFIT, { strict: true }, ['value-misfit 1 196']],
    ['an end inside a group', CUT, {}, []],
    ['an end inside a group, strictly', CUT, { strict: true }, ['cut-group 2 408']],
    ['warnings, strictly', GOOD.replace('00000007', '00000008'), { strict: true }, []],
    ['data outside', `${HEADER}${INSURED}${TRANSACTION}${trailer(4)}`, {}, ['outside-transaction 1 196']],
    ['no AL3', 'a,b\n1,2\n', {}, ['not-a-group 1 0']],
    ['a long transaction', GOOD, { maxRecordBytes: 1024 }, ['record-too-long 1 198']],
  ])('%s', async (_name, text, run, expected) => {
    const { bad, counts } = await one(text, run);
    expect(bad.map(({ reason, line, offset }) => `${reason} ${line} ${offset}`)).toEqual(expected);
    expect(counts.records).toBe(counts.rows + bad.length);
  });
});

describe('lines', () => {
  test('are transactions with their input and message', async () => {
    const { text, counts } = await convert([[bytesOf(GOOD)], [bytesOf(JUNK)], [bytesOf(MISFIT)]], {
      ...{ format: 'ndjson', layout: 'parts' },
    });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ input, group, offset }) => [input, group, offset])).toEqual([
      ['0.al3', '2TRG', 198],
      ['1.al3', '2TRG', 584],
      ['2.al3', '2TRG', 196],
    ]);
    expect(lines[0]).toMatchObject({ message: { group: '1MHG', elements: { origin_address: 'SENDER' } } });
    expect(lines[0]?.['diagnostics']).toBeUndefined();
    expect(lines[2]?.['diagnostics']).toMatchObject([{ code: 'value-misfit', offset: 438 }]);
    expect(counts).toMatchObject({ records: 4, rows: 3 });
  });

  test('are the elements of one array in JSON', async () => {
    const inputs = [[bytesOf(GOOD)], [bytesOf(GOOD)]];
    const { text } = await convert(inputs, { layout: 'parts' });
    expect(JSON.parse(text)).toHaveLength(2);
    expect((await convert([], { layout: 'parts' })).text).toBe('[\n]\n');
    expect((await convert([], { layout: 'parts', format: 'ndjson' })).text).toBe('');
  });
});

test('nothing is handed on of an input without transactions, where there are no documents', () => {
  const handedOn = (run: Run): number | undefined => {
    const reader = new TransactionReader(frozenOf(run));
    reader.startInput(0);
    reader.push(bytesOf([HEADER, INSURED, trailer(9)].join('')));
    reader.endInput();
    return reader.flush()?.rows;
  };
  expect([handedOn({ layout: 'parts' }), handedOn({ layout: 'mirror' })]).toEqual([undefined, 0]);
});

test('whatever the bytes, all of them are in a transaction that is written, put aside, or around them', async () => {
  const texts = fc.oneof(
    fc.constantFrom(...MESSAGE, INSURED, POLICY, 'junk').map(bytesOf),
    fc.uint8Array({ maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { maxLength: 20 }), fc.boolean(), async (pieces, strict) => {
      const { text, bad, counts } = await convert([pieces], { strict });
      const { messages } = JSON.parse(text) as ParsedDocument;
      const written = messages.flatMap(({ transactions }) => transactions).length;
      expect([counts.rows, counts.bad]).toEqual([written, bad.length]);
    }),
    { numRuns: 300 },
  );
});

test('what is told is counted by code', async () => {
  const { diagnostics } = await convert([[bytesOf(JUNK)], [bytesOf(MISFIT + MISFIT)]]);
  expect(diagnostics).toEqual([
    { code: 'count-differs', severity: 'warning', count: 1 },
    { code: 'not-a-group', severity: 'error', count: 1 },
    { code: 'parent-missing', severity: 'error', count: 1 },
    { code: 'value-misfit', severity: 'error', count: 2 },
  ]);
});

test('of an input whose rest is refused, what is open is left out', async () => {
  const { text, bad, counts } = await one(CUT, {}, true);
  const { messages, diagnostics } = JSON.parse(text) as ParsedDocument;
  expect(messages.map(({ transactions }) => transactions.map(({ offset }) => offset))).toEqual([[196]]);
  expect([bad, counts.records, diagnostics]).toEqual([[], 1, []]);
});

test('how the input comes in pieces changes nothing', async () => {
  const bytes = bytesOf([GOOD, JUNK, MISFIT, 'x', CUT].join(''));
  const whole = await convert([[bytes]]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 3000 }), { maxLength: 6 }), async (lengths) => {
      const pieces: Buffer[] = [];
      let at = 0;
      for (const length of lengths) pieces.push(bytes.subarray(at, (at += length)));
      expect(await convert([[...pieces, bytes.subarray(at)]])).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});
