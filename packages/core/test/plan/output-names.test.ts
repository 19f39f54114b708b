import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NameFlags } from '../../src/plan/name-flags.ts';
import { OutputNaming, outputNames } from '../../src/plan/output-names.ts';

test.each([
  ['a.ndjson', 'a.parquet'],
  ['a/b.ndjson.gz', 'a/b.parquet'],
  ['a/b.JSONL.ZST', 'a/b.parquet'],
  ['b.json.bgz', 'b.parquet'],
  ['b.tar.gz', 'b.tar.parquet'],
  ['b.gz', 'b.parquet'],
  ['b.gz.gz', 'b.gz.parquet'],
  ['b.json.json', 'b.json.parquet'],
  ['b.gz.json', 'b.gz.parquet'],
  ['2015-01-01-15.json.gz', '2015-01-01-15.parquet'],
  ['no extension', 'no extension.parquet'],
  ['archive.d/b', 'archive.d/b.parquet'],
  ['a/.json', 'a/.json.parquet'],
  ['.gz', '.gz.parquet'],
  ['a.gz/.json.gz', 'a.gz/.json.parquet'],
  ['b.parquet', 'b.parquet.parquet'],
  ['b.AL3', 'b.parquet'],
])('the short name of %s is %s', (key, short) => {
  expect(outputNames(key, 'parquet')).toEqual({ short, full: `${key}.parquet` });
});

/** Input → output, or why there is none. */
function named(keys: readonly string[], taken: readonly string[] = []): Record<string, string> {
  const naming = new OutputNaming('parquet');
  for (const output of taken) naming.keep(output);
  for (const key of keys) naming.want(key);
  return Object.fromEntries(
    keys.map((key) => {
      const name = naming.name(key);
      return [key, 'output' in name ? name.output : `refused: ${name.refuse}`];
    }),
  );
}
const FULL = 'its full name';
const long = (bytes: number): string => 'n'.repeat(bytes);

describe('what an input gets', () => {
  const rows: [string, Record<string, string>, string[]?][] = [
    ['short names where nothing clashes', { 'a.json': 'a.parquet', 'b/a.json': 'b/a.parquet' }],
    ['two forms of one name', { 'b.ndjson': FULL, 'b.ndjson.gz': FULL, 'c.ndjson': 'c.parquet' }],
    ['names that differ in case', { 'b.AL3': FULL, 'b.al3': FULL }],
    ['names that differ in case and form', { 'B.ndjson': FULL, 'b.json': FULL }],
    ['folders that differ in case', { 'D/b.ndjson': FULL, 'd/b.json': FULL }],
    ['composed and decomposed', { 'caf\u00e9.json': FULL, 'cafe\u0301.jsonl': FULL }],
    ['a short name that is the full name of another', { 'b.ndjson': 'b.parquet', 'b.ndjson.csv': FULL }],
    [
      'a chain of such names',
      { 'b.json': FULL, 'b.ndjson': FULL, 'b.ndjson.csv': FULL, 'b.ndjson.csv.gz': FULL },
    ],
    ['an output where a folder is to be', { 'a.ndjson': FULL, 'a.parquet/b.ndjson': 'a.parquet/b.parquet' }],
    ['the same in other letters', { 'a.ndjson': FULL, 'A.Parquet/b.ndjson': 'A.Parquet/b.parquet' }],
    [
      'a folder under the full name too',
      { 'a.json': 'refused: name-taken', 'a.json.parquet/x': FULL, 'a.parquet/x': FULL },
    ],
    ['an earlier output keeps its name', { 'b.json': FULL }, ['b.parquet']],
    ['an earlier output in other letters', { 'b.json': FULL }, ['B.parquet']],
    [
      'an earlier output under the full name',
      { 'b.json': 'refused: name-taken' },
      ['b.parquet', 'b.json.parquet'],
    ],
    ['an earlier output where a folder is to be', { 'b.parquet/c/d': 'refused: name-taken' }, ['b.parquet']],
    ['an earlier folder where an output is to be', { 'b.json': FULL }, ['b.parquet/c.parquet']],
    [
      "Winnow's own",
      {
        '_winnow/a': 'refused: name-taken',
        '_Winnow/a': 'refused: name-taken',
        '_SUCCESS/a': 'refused: name-taken',
        _SUCCESS: FULL,
        'a/_winnow/b': FULL,
      },
    ],
    ['255 bytes in a name', { [`${long(242)}.ndjson.gz`]: `${long(242)}.parquet` }],
    ['one more than fits', { [`${long(248)}.json`]: 'refused: name-too-long' }],
    ['bytes, not characters', { [`${'中'.repeat(83)}.json`]: 'refused: name-too-long' }],
    [
      'a full name that does not fit',
      { [`${long(243)}.json`]: 'refused: name-too-long', [`${long(243)}.jsonl`]: 'refused: name-too-long' },
    ],
    ['a path that does not fit', { [`${`${long(99)}/`.repeat(10)}${long(30)}`]: 'refused: name-too-long' }],
  ];
  test.each(rows.map(([title, expected, taken = []]) => [title, expected, taken] as const))(
    '%s',
    (_title, expected, taken) => {
      const wanted = Object.entries(expected).map(([key, name]) => [
        key,
        name === FULL ? `${key}.parquet` : name,
      ]);
      expect(named(Object.keys(expected), taken)).toEqual(Object.fromEntries(wanted));
    },
  );
});

/** Few letters, so that there are clashes of every kind. */
const segment = fc
  .tuple(
    fc.constantFrom('a', 'A', 'b', 'é', 'e\u0301', '.x', ''),
    fc.array(fc.constantFrom('.json', '.JSON', '.ndjson', '.gz', '.zst', '.parquet', '.csv'), {
      maxLength: 3,
    }),
  )
  .map(([name, extensions]) => name + extensions.join(''))
  .filter((name) => name !== '');
const key = fc.array(segment, { minLength: 1, maxLength: 2 }).map((segments) => segments.join('/'));
/** As a file system could hold them: no file is a folder. */
const keys = fc
  .uniqueArray(key, { maxLength: 12 })
  .map((all) => all.filter((one) => !all.some((other) => other.startsWith(`${one}/`))));

const fold = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();
const folders = (name: string): string[] =>
  name.split('/').flatMap((_, at, segments) => (at === 0 ? [] : [segments.slice(0, at).join('/')]));

test('no two outputs share a name but those whose inputs do; none stands where a folder is', () => {
  fc.assert(
    fc.property(keys, keys, (now, before) => {
      const earlier = named(before.filter((one) => !now.includes(one)));
      const taken = Object.values(earlier).filter((name) => !name.startsWith('refused'));
      const names = named(now, taken);
      const outputs = [...Object.entries(names), ...Object.entries(earlier)].filter(
        ([, name]) => !name.startsWith('refused'),
      );
      const allFolders = new Set(outputs.flatMap(([, name]) => folders(fold(name))));
      for (const [input, name] of outputs) {
        const { short, full } = outputNames(input, 'parquet');
        if (name !== short && name !== full) throw new Error(`${input} got ${name}`);
        if (allFolders.has(fold(name))) throw new Error(`${name} is a folder too`);
        for (const [other, otherName] of outputs) {
          if (other === input) continue;
          const same = fold(other) === fold(input) ? otherName === name : fold(otherName) === fold(name);
          if (same) throw new Error(`${input} and ${other} both got ${name}`);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('what an input gets does not depend on the order, nor on what others got', () => {
  fc.assert(
    fc.property(keys, (now) => {
      expect(named(now.toReversed())).toEqual(named(now));
      for (const [input, name] of Object.entries(named(now))) {
        const { short } = outputNames(input, 'parquet');
        const others = now.filter((one) => one !== input);
        const clashes = others.some((one) => {
          const names = outputNames(one, 'parquet');
          return [names.short, names.full, ...folders(one)].map(fold).includes(fold(short));
        });
        if (!name.startsWith('refused'))
          expect(name === short).toBe(!clashes || short === `${input}.parquet`);
      }
    }),
  );
});

test('flags of a hundred thousand names are told apart', () => {
  const flags = new NameFlags();
  const name = (n: number): string => `folder/${n % 1000}/input-${n}.parquet`;
  for (let n = 0; n < 100_000; n++) flags.add(name(n), 1 + (n % 7));
  const wrong = Array.from({ length: 200_000 }, (_, n) => n).filter(
    (n) => flags.of(name(n)) !== (n < 100_000 ? 1 + (n % 7) : 0),
  );
  expect(wrong).toEqual([]);
  flags.add(name(0), 8);
  expect(flags.of(name(0))).toBe(9);
});

describe('where a run replaces all outputs before', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['an output lends its name to its own input', { 'b.json': 'b.parquet' }, ['b.parquet']],
    ['and to any other', { 'b.json.gz': 'b.parquet' }, ['b.parquet', 'b.ndjson.parquet']],
    ['names are given as if there were nothing', { 'b.json': FULL, 'b.csv': FULL }, ['b.parquet']],
    ['not where a file system may take two names for one', { 'b.json': FULL }, ['B.parquet']],
    ['not even the full one', { 'b.json': 'refused: name-taken' }, ['B.parquet', 'B.json.parquet']],
    ['not where a folder stands', { 'b.json': FULL }, ['b.parquet/c.parquet']],
    ['not below an object', { 'b.parquet/c': 'refused: name-taken' }, ['b.parquet']],
  ])('%s', (_, expected, outputs) => {
    const naming = new OutputNaming('parquet');
    for (const output of outputs) naming.replace(output);
    for (const key of Object.keys(expected)) naming.want(key);
    for (const [key, name] of Object.entries(expected)) {
      const found = naming.name(key);
      const wanted = name === FULL ? `${key}.parquet` : name;
      expect('output' in found ? found.output : `refused: ${found.refuse}`).toBe(wanted);
    }
  });
});
