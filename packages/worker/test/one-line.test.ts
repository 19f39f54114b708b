import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOneLine, isBlankLine } from '../src/one-line.ts';

const oneLine = (record: string): string => {
  const line = Buffer.from(`${record}\n`);
  asOneLine(line);
  return line.toString();
};

const verdict = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return 'refused';
  }
};

describe('a record on one line', () => {
  test.each([
    ['{"a":1}', '{"a":1}\n'],
    ['{"a":\n1,\n\n"b":2\n}', '{"a": 1,  "b":2 }\n'],
    ['{"a":"x\ny"}', '{"a":"x\ry"}\n'],
    ['{"a\\"\n":1}', '{"a\\"\r":1}\n'],
    ['{"a\\\\"\n:1}', '{"a\\\\" :1}\n'],
    ['{"a\\\n":\n1}', '{"a\\\r": 1}\n'],
    ['\n', ' \n'],
  ])('%j is %j', (record, line) => expect(oneLine(record)).toBe(line));

  test('means to JSON what it meant, and has its length', () => {
    const text = fc.array(
      fc.constantFrom('{', '}', '"', '\\', '\n', 'a', ':', '1', ',', '"a"', '{"a":1', ' '),
      {
        maxLength: 30,
      },
    );
    const value = fc.json().map((json) => JSON.stringify(JSON.parse(json), null, 1));
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((parts) => parts.join('')),
          value,
        ),
        (record) => {
          const line = oneLine(record);
          expect(Buffer.byteLength(line)).toBe(Buffer.byteLength(record) + 1);
          expect(line.slice(0, -1)).not.toContain('\n');
          expect(verdict(line)).toEqual(verdict(record));
        },
      ),
    );
  });
});

test.each([
  ['', true],
  [' \t\r', true],
  [' {', false],
  ['\u00a0', false],
])('%j is blank: %p', (text, blank) => expect(isBlankLine(Buffer.from(`${text}\n`))).toBe(blank));
