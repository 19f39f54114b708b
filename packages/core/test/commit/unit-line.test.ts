import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseUnitLine } from '../../src/commit/unit-line.ts';

test('a line reads as JSON.parse reads it, whatever its inputs are called', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '}', '},{"key":"', '"inputs":[', ']', '\\"]'));
  const input = fc.record({ key, size: fc.nat(), pin: fc.string() });
  const range = fc.option(fc.record({ start: fc.nat(), end: fc.nat() }), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(), fc.array(input), range, (unit, inputs, span) => {
      const text = JSON.stringify({ unit, inputs, range: span, decoded: 1, memoryMiB: 512 });
      expect(parseUnitLine(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
});

test.each(['{"unit":0}', '{"unit":0,"inputs":[]}', '{"unit":0,"inputs":[{"key":"a"}],"decoded":0}'])(
  'a line that is cut is no JSON: %s',
  (text) => {
    expect(parseUnitLine(Buffer.from(text))).toEqual(JSON.parse(text));
    for (let length = 0; length < text.length; length++)
      expect(() => parseUnitLine(Buffer.from(text.slice(0, length)))).toThrow(/JSON|inputs/);
  },
);
