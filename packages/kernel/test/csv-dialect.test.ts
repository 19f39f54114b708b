import { expect, test } from '@jest/globals';
import { checkDialect, CSV, type CsvDialect } from '../src/csv-dialect.ts';
import { CsvReader } from '../src/csv-reader.ts';
import { Kernel } from '../src/kernel.ts';
import { csvOptions } from './read-csv.ts';

test.each<[Partial<CsvDialect>, RegExp]>([
  [{ delimiter: ',,' }, /delimiter must be one ASCII character.*",,"/],
  [{ delimiter: '' }, /delimiter must be one/],
  [{ delimiter: '\n' }, /delimiter must be one/],
  [{ delimiter: '.' }, /delimiter must be one/],
  [{ quote: 'é' }, /quote must be one/],
  [{ comment: '7' }, /comment must be one/],
  [{ delimiter: '"' }, /delimiter and quote must differ, both are "\\""/],
  [{ comment: ',' }, /delimiter and comment must differ/],
  [{ escape: 'backslash', delimiter: '\\' }, /escape and delimiter must differ/],
])('%j is refused', (change, message) => {
  expect(() => checkDialect({ ...CSV, ...change })).toThrow(message);
  expect(() => new CsvReader(new Kernel(), csvOptions([], change))).toThrow(RangeError);
});

test.each<Partial<CsvDialect>>([
  {},
  { delimiter: '\t', quote: undefined },
  { delimiter: '\x01', comment: '#' },
  { delimiter: '\\', quote: undefined, escape: 'backslash' },
])('%j is accepted', (change) => {
  expect(() => checkDialect({ ...CSV, ...change })).not.toThrow();
});

test('columns that a text cannot fill are refused', () => {
  const columns = [{ name: 'j', type: 'json' } as const];
  expect(() => new CsvReader(new Kernel(), csvOptions(columns))).toThrow(/"j" is json: make it text/);
});
