import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonTexts } from './json-texts.ts';
import { readText, type ReadText } from './read-text.ts';

// Whatever the text: nothing is accepted that is no JSON, nothing that is gets lost, and chunks do not show.

const token = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('{"id":1}', '{}', '{"id":2,"a":[{},"]"]}', '{\n"id"\n:3}', '{"b":"\\"}"}'),
  },
  { weight: 8, arbitrary: fc.constantFrom(',', ',\n', ' , ', ',\r\n') },
  { weight: 3, arbitrary: fc.constantFrom('[', ']', ']\n[', '[\n', '\n]', '][') },
  { weight: 2, arbitrary: fc.constantFrom(' ', '\n', '\r\n\n', '\t', ' '.repeat(66)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{', '}', '"', '\\', ':', '1', 'x', '"x"', '[1]', '\0', '\ufeff', 'é'),
  },
);
/** Alternating elements and commas, so that many are whole, with other things thrown in. */
const middle = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: token }),
      fc.nat(3),
      fc.nat(3),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) =>
    parts
      .map(([odd, element, comma], i) => {
        const elements = ['{"id":1}', '{"id":2,"a":[{},"]"]}', '{\n"id"\n:3}', '{"b":"\\"}"}'];
        const commas = [',', ',\n', ' , ', ',\r\n'];
        return `${i > 0 ? (commas[comma] ?? '') : ''}${odd}${elements[element] ?? ''}`;
      })
      .join(''),
  );
const elementLine = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom('{"id":1},\n', ' {"id":2,"a":[{},"]"]} , \r\n', '{"b":"\\"}"},\n'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"id":4}\n', ',\n', '\n', 'x,\n', ']\n[\n', '{"id":5\n', '[\n', ']\n'),
  },
);
/** An element a line, the last one without its comma. */
const elementLines = fc
  .tuple(
    fc.array(elementLine, { maxLength: 10 }),
    fc.constantFrom('{"id":3}\n]\n', '{"id":3}\n]', '{"id":3}', ']\n'),
  )
  .map(([lines, end]) => `[\n${lines.join('')}${end}`);
const garbage = fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join(''));
const anyArray = fc.oneof(
  elementLines,
  fc
    .tuple(fc.constantFrom('[', '[\n', ' [ '), middle, fc.constantFrom(']', '\n]\n', '', '],'))
    .map((all) => all.join('')),
  garbage.map((text) => `[{"id":0}${text}`),
  fc
    .array(fc.tuple(fc.constantFrom('[', '[\n'), middle, fc.constantFrom(']', '\n]\n')), { maxLength: 3 })
    .map((all) => all.flat().join('')),
);
const chunkLengths = fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 4 });

const objectsIn = (values: unknown[]): unknown[] =>
  values.flat().filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

test('a text of arrays has no fault just where it is JSON and all its elements are objects', async () => {
  const seen = { good: 0, bad: 0, lines: 0 };
  await fc.assert(
    fc.asyncProperty(anyArray, chunkLengths, async (text, lengths) => {
      const found = await readText(text);
      expect(await readText(text, lengths)).toEqual(found);
      if (found.layout === 'ndjson') return;
      const values = jsonTexts(text);
      const arrays = values?.every((value) => Array.isArray(value)) === true ? values : undefined;
      const objects = objectsIn(arrays ?? []);
      const isGood = arrays !== undefined && objects.length === arrays.flat().length;
      seen[isGood ? 'good' : 'bad']++;
      if (found.layout === 'array-lines') seen.lines++;
      expect(found.bad.length === 0).toBe(isGood);
      if (isGood) expect(found.rows).toHaveLength(objects.length);
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(seen.good, seen.bad, seen.lines)).toBeGreaterThan(15);
});

const documentOf = fc
  .tuple(
    fc.constantFrom('', '"x":1,', '"y":{"r":[{}]}, ', '"s":"\\"]}",\n'),
    fc.constantFrom('"r"', '"\\u0072"', '"q"', '"r" '),
    middle,
    fc.constantFrom('', ',"z":[[]]', ' , "r":null'),
    fc.constantFrom('}', '}\n', ' }  ', ''),
  )
  .map(([before, key, elements, behind, end]) => `{${before}${key}:[${elements}]${behind}${end}`);
const anyDocuments = fc.oneof(
  fc.array(documentOf, { maxLength: 4 }).map((all) => all.join('')),
  fc.tuple(documentOf, garbage, documentOf).map((all) => all.join('')),
);

/** How many good records and how many documents without any a text of documents has. */
function documentsIn(values: unknown[]): { records: number; without: number } {
  const lists = values.map((value) => (value as { r?: unknown }).r);
  return {
    records: lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0),
    without: lists.filter((list) => !Array.isArray(list)).length,
  };
}

test('documents that are JSON give all their records, others have a fault', async () => {
  const seen = { good: 0, without: 0, bad: 0 };
  await fc.assert(
    fc.asyncProperty(anyDocuments, chunkLengths, async (text, lengths) => {
      const options = { recordsPath: ['r'] };
      const found: ReadText = await readText(text, [1 << 20], options);
      expect(await readText(text, lengths, options)).toEqual(found);
      const values = jsonTexts(text);
      const isGood =
        values?.every((value) => !Array.isArray(value)) === true &&
        // A path that comes twice is followed twice, JSON.parse keeps the last.
        !/"(r|\\u0072)" ?:.*"r":null/s.test(text);
      if (!isGood) {
        if (values === undefined) {
          seen.bad++;
          expect(found.bad.length).toBeGreaterThan(0);
        }
        return;
      }
      const { records, without } = documentsIn(values);
      seen.good += records;
      seen.without += without;
      expect(found.bad.map(({ reason }) => reason)).toEqual(
        Array.from({ length: without }, () => 'no-records'),
      );
      expect(found.rows).toHaveLength(records);
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(seen.good, seen.without, seen.bad)).toBeGreaterThan(15);
});
