import { describe, expect, test } from '@jest/globals';
import { Kernel } from '../src/kernel.ts';
import { differenceOf, expectedOf } from './expected.ts';
import * as cases from './ndjson-cases.ts';
import { readAll } from './read-all.ts';

const { CASE_COLUMNS } = cases;
const OPTIONS = { columns: CASE_COLUMNS, drift: 'rest', maxRecordBytes: 1 << 20 } as const;
const kernel = new Kernel();

const TABLES: Record<string, readonly cases.Case[]> = {
  'int64 takes canonical integers within 64 bits': cases.INTEGERS,
  'double takes what a double holds exactly': cases.DOUBLES,
  'numbers follow the grammar': cases.MALFORMED_NUMBERS,
  'boolean takes true and false': cases.BOOLEANS,
  'text takes strings and resolves their escapes': cases.TEXTS,
  'lines are UTF-8': cases.UTF8,
  'json takes any value as it is written': cases.JSON_VALUES,
  'keys find their column unescaped, unknown ones go to _rest': cases.KEYS,
  'a record is one object on a line': cases.LINE_SHAPES,
};
const ALL = Object.values(TABLES).flat();

const bytesOf = (line: string | Uint8Array): Uint8Array => Buffer.from(line);
const shown = (line: string | Uint8Array): string =>
  JSON.stringify(Buffer.from(line).toString()).slice(0, 60);

function outcomeOf(line: Uint8Array): cases.CaseOutcome {
  // Behind a blank line, where a byte order mark has no meaning.
  const input = Buffer.concat([Buffer.from('\n'), line, Buffer.from('\n')]);
  const { rows, bad, counts } = readAll(kernel, OPTIONS, input);
  expect(rows.length + bad.length + counts.blank).toBe(2);
  const [values] = rows;
  if (values === undefined) return bad[0] ? { bad: bad[0].reason } : 'blank';
  const named = CASE_COLUMNS.map(({ name }, index) => [name, values[index] ?? null] as const);
  return { row: Object.fromEntries(named.filter(([, value]) => value !== null)) };
}

describe.each(Object.entries(TABLES))('%s', (_, table) => {
  test.each(table.map(([line, outcome]) => [shown(line), line, outcome] as const))(
    '%s',
    (_, line, outcome) => {
      expect(outcomeOf(bytesOf(line))).toStrictEqual(outcome);
    },
  );
});

describe('all lines in one input', () => {
  const input = Buffer.concat(ALL.flatMap(([line]) => [bytesOf(line), Buffer.from('\n')]));

  test('come out as the oracle says, with offset, line and bytes of each bad one', () => {
    expect(differenceOf(readAll(kernel, OPTIONS, input), expectedOf(OPTIONS, input))).toBeUndefined();
  });

  test('come out the same without the good ones between them', () => {
    const bad = ALL.filter(([, outcome]) => typeof outcome === 'object' && 'bad' in outcome);
    const lines = Buffer.concat(bad.flatMap(([line]) => [bytesOf(line), Buffer.from('\n')]));
    const result = readAll(kernel, OPTIONS, lines);
    expect(result.bad.map(({ reason }) => ({ bad: reason }))).toStrictEqual(
      bad.map(([, outcome]) => outcome),
    );
    expect(result.rows).toStrictEqual([]);
  });

  test('are more than 150', () => {
    expect(ALL.length).toBeGreaterThan(150);
  });
});
