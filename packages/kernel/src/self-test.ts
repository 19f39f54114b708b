import { batchRows, type CellValue } from './batch-rows.ts';
import type { Column } from './column.ts';
import type { Kernel } from './kernel.ts';
import { NdjsonReader } from './ndjson-reader.ts';

const COLUMNS: readonly Column[] = [
  { name: 't', type: 'text' },
  { name: 'i', type: 'int64' },
  { name: 'd', type: 'double' },
  { name: 'b', type: 'boolean' },
  { name: 'j', type: 'json' },
  { name: 'm', type: 'decimal', precision: 38, scale: 2 },
  { name: 'y', type: 'date' },
  { name: 's', type: 'timestamp' },
  { name: 'c', type: 'datetime' },
  { name: '_rest', type: 'text' },
];

type Row = readonly CellValue[];
const NOTHING: Row = COLUMNS.map(() => null);

type Cases = readonly (readonly [line: string, outcome: Row | string])[];

/** Lines, and the row or the reason that must come of each. */
const CASES: Cases = [
  [
    '{"t":"é","i":7,"d":0.1,"b":true,"j":[1.10]}',
    ['é', 7n, 0.1, true, '[1.10]', null, null, null, null, null],
  ],
  [
    '{"j":"x","b":false,"\\u0069":-1,"t":"\\ud83d\\ude02\\n"}',
    ['😂\n', -1n, null, false, '"x"', null, null, null, null, null],
  ],
  ['{"i":9223372036854775807}', NOTHING.with(1, 9223372036854775807n)],
  ['{"i":9223372036854775808}', NOTHING.with(9, '{"i":9223372036854775808}')],
  ['{"i":1.0,"new":null,"d":"x"}', NOTHING.with(9, '{"i":1.0,"new":null,"d":"x"}')],
  ['{"d":-0.0}', NOTHING.with(2, -0)],
  ['{"d":0.30000000000000004}', NOTHING.with(2, 0.30000000000000004)],
  ['{"d":0.1234567890123456789}', NOTHING.with(9, '{"d":0.1234567890123456789}')],
  ['{"d":9007199254740993}', NOTHING.with(9, '{"d":9007199254740993}')],
  ['{"t":null}', NOTHING],
  ['{"m":-18446744073709551616.5}', NOTHING.with(5, -1844674407370955161650n)],
  ['{"m":"0.001"}', NOTHING.with(9, '{"m":"0.001"}')],
  ['{"y":"2024-02-29"}', NOTHING.with(6, 19782)],
  ['{"s":"1969-12-31T23:59:59.999999-01:00"}', NOTHING.with(7, 3599999999n)],
  ['{"c":"0001-01-01 00:00:00"}', NOTHING.with(8, -62135596800000000n)],
  ['{"i":1,"i":1}', 'duplicate-key'],
  ['{"x":1,"\\u0078":1}', 'duplicate-key'],
  ['{"j":[{"x":1,"\\u0078":1}]}', 'duplicate-key'],
  ['{"x":["\\ud83d"]}', 'lone-surrogate'],
  ['{"i":01}', 'invalid-number'],
  ['{"t":"a', 'unexpected-end'],
  ['[1]', 'not-an-object'],
];

const NESTED_COLUMNS: readonly Column[] = [
  {
    name: 's',
    type: 'struct',
    fields: [
      { name: 'a', type: 'int64' },
      { name: 'l', type: 'list', element: { type: 'decimal', precision: 20, scale: 1 } },
    ],
  },
  { name: 'm', type: 'map', value: { type: 'struct', fields: [{ name: 'd', type: 'date' }] } },
  { name: '_rest', type: 'text' },
];

const NESTED_CASES: Cases = [
  [
    '{"s":{"a":1,"l":[0.5,null,"-7"]},"m":{"x":{"d":"1970-01-02"}}}',
    [[1n, [5n, null, -70n]], [['x', [1]]], null],
  ],
  ['{"m":{},"s":{"l":[],"\\u0061":2}}', [[2n, []], [], null]],
  ['{"s":{"a":3,"l":[1]},"m":{"x":{}},}', 'expected-key'],
  ['{"s":{"l":[1.25],"b":0},"m":7}', [[null, [null]], null, '{"/s/l/0":1.25,"/s/b":0,"m":7}']],
  ['{"m":{"a/~":{"d":"x"}},"/k":0}', [null, [['a/~', [null]]], '{"/m/a~1~0/d":"x","/~1k":0}']],
  ['{"s":null}', [null, null, null]],
];

/**
 * Reads a few lines whose outcome is known: run it once a process, before any data. Takes about a millisecond.
 *
 * @throws Error naming the line that came out wrong: this machine or build cannot be trusted.
 */
export function selfTestReader(kernel: Kernel): void {
  testLines(kernel, COLUMNS, CASES);
  testLines(kernel, NESTED_COLUMNS, NESTED_CASES);
}

function testLines(kernel: Kernel, columns: readonly Column[], cases: Cases): void {
  const reader = new NdjsonReader(kernel, { columns, drift: 'rest', maxRecordBytes: 1024 });
  try {
    for (const [line, expected] of cases) {
      reader.startInput(0);
      reader.push(Buffer.from(line));
      reader.endInput();
      reader.next();
      const batch = reader.flush();
      const outcome = show(batch ? batchRows(batch)[0] : reader.takeBad()[0]?.reason);
      if (outcome === show(expected)) continue;
      throw new Error(`self-test of the NDJSON reader: ${line} gave ${outcome}, not ${show(expected)}`);
    }
  } finally {
    reader.dispose();
  }
}

/** An outcome as text: equal texts are equal outcomes, types and the sign of zero included. */
function show(outcome: unknown): string {
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return `${value}n`;
    return Object.is(value, -0) ? '-0' : value;
  };
  return JSON.stringify(outcome, plain);
}
