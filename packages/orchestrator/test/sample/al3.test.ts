import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentText, STARTER_DICTIONARY, type Diagnostic } from '@winnow/core';
import { AL3_FAULTS, type Al3Fault } from '../../src/sample/al3/fault.ts';
import { makeAl3Sample, type Al3FileFacts, type Al3Manifest } from '../../src/sample/al3/make.ts';
import { parseAl3SampleRequest, type Al3SampleRequest } from '../../src/sample/al3/request.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-sample-al3-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string, changes: Partial<Al3SampleRequest> = {}): Promise<Al3Manifest> => {
  const request = { kind: 'al3', files: 12, transactions: 3, faults: [], seed: 7, ...changes } as const;
  return makeAl3Sample({ ...request, output: join(folder, name) }, { signal: new AbortController().signal });
};

interface Node {
  readonly group: string;
  readonly elements?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

/** What the reader makes of a file. */
async function read(
  name: string,
  { file }: Al3FileFacts,
): Promise<{ transactions: Node[]; told: Diagnostic[] }> {
  const bytes = readFileSync(join(folder, name, file));
  const told: Diagnostic[] = [];
  let text = '';
  const options = {
    dictionary: STARTER_DICTIONARY,
    pivot: 50,
    decimals: 'number',
    raw: false,
    shape: 'tree',
  } as const;
  for await (const piece of documentText([bytes], options, (one) => told.push(one))) text += piece;
  const { messages } = JSON.parse(text) as { messages: { transactions: Node[] }[] };
  return { transactions: messages.flatMap((message) => message.transactions), told };
}

/** In cents. */
function premiumOf(node: Node): number {
  const own = node.group === '5BPI' ? Math.round(Number(node.elements?.['term_amount']) * 100) : 0;
  return (node.children ?? []).reduce((sum, child) => sum + premiumOf(child), own);
}

describe('an archive without faults', () => {
  test('is read as its manifest has it, in every layout', async () => {
    const { list } = await make('in');
    expect(new Set(list.map(({ layout }) => layout)).size).toBe(6);
    for (const facts of list) {
      const { transactions, told } = await read('in', facts);
      expect(told).toEqual([]);
      expect(transactions).toHaveLength(facts.transactions);
      expect(transactions.reduce((sum, one) => sum + premiumOf(one), 0)).toBe(facts.premium);
    }
  });

  test('has the same bytes for the same seed', async () => {
    const [one, two, other] = [await make('one'), await make('two'), await make('other', { seed: 8 })];
    expect(two).toEqual(one);
    for (const { file } of one.list)
      expect(readFileSync(join(folder, 'two', file))).toEqual(readFileSync(join(folder, 'one', file)));
    expect(other.premium).not.toBe(one.premium);
    expect(JSON.parse(readFileSync(join(folder, 'one.manifest.json'), 'utf8'))).toEqual(one);
  });
});

const TOLD: Readonly<Record<Al3Fault, readonly string[]>> = {
  cut: ['cut-group', 'trailer-missing'],
  junk: ['not-a-group'],
  outside: ['outside-transaction'],
  value: ['value-misfit'],
  parent: ['parent-missing'],
  count: ['count-differs'],
  'no-trailer': ['trailer-missing'],
};
/** A group more, or less, than the trailer counts. */
const COUNTED_TOO = ['outside', 'parent'];

describe.each(AL3_FAULTS)('the fault %s', (fault) => {
  test('is told, and nothing else is', async () => {
    const { list, faults } = await make('in', { faults: [fault] });
    expect(faults).toEqual({ [fault]: 12 });
    for (const facts of list) {
      const { told } = await read('in', facts);
      const codes = [...new Set(told.map(({ code }) => code))].filter(
        (code) => code !== 'value-cut' && !(COUNTED_TOO.includes(fault) && code === 'count-differs'),
      );
      expect(codes).toEqual(TOLD[fault]);
    }
  });
});

describe('a request', () => {
  test('has defaults, and faults by choice', () => {
    expect(parseAl3SampleRequest({ output: 'in/' })).toEqual({
      ...{ kind: 'al3', output: 'in', files: 6, transactions: 3, faults: [], seed: 1 },
    });
    expect(parseAl3SampleRequest({ output: 'in', faults: 'junk, cut' }).faults).toEqual(['junk', 'cut']);
    expect(parseAl3SampleRequest({ output: 'in', faults: 'all' }).faults).toEqual(AL3_FAULTS);
  });

  test.each([
    [{ output: '' }, '--output is missing'],
    [{ output: 'in', files: '0' }, '--files must be a whole number from 1 to 1000000, got 0'],
    [{ output: 'in', faults: 'typo' }, '--faults must be all, or some of cut,'],
    [{ output: 'in', records: '5' }, '--records must be left out where the kind is al3'],
  ])('%j is refused', (flags, message) => {
    expect(() => parseAl3SampleRequest(flags)).toThrow(message);
  });

  test('for a folder that has something in it is refused', async () => {
    writeFileSync(join(folder, 'x'), '');
    await expect(make('.')).rejects.toThrow('is not empty (it has x)');
  });
});
