import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mendedKey, readMended } from '../src/mended-records.ts';

const record = fc.record({
  input: fc.string({ unit: 'grapheme' }),
  offset: fc.nat(),
  raw: fc.json().filter((raw) => raw.trim() !== '' && !/[\r\n]/.test(raw)),
  reason: fc.string(),
});

test('what was written is found by input and offset, whatever else stands in a line', () => {
  const all = fc.uniqueArray(record, { selector: ({ input, offset }) => mendedKey(input, offset) });
  fc.assert(
    fc.property(all, (records) => {
      const text = records.map((line) => `${JSON.stringify(line)}\n`).join('\n');
      const found = readMended(text, 'it');
      expect(found.size).toBe(records.length);
      for (const { input, offset, raw } of records) expect(found.get(mendedKey(input, offset))).toBe(raw);
    }),
  );
});

test.each<[string, RegExp]>([
  ['[]', /^it, line 1: has a wrong shape/],
  ['{"input":"a","offset":-1,"raw":"{}"}', /^it, line 1: has a wrong offset/],
  ['{"input":"a","offset":0,"raw":" "}', /^it, line 1: raw must be one record on one line/],
])('%s is refused', (text, message) => {
  expect(() => readMended(text, 'it')).toThrow(message);
});
