import { readFileSync } from 'node:fs';
import type { Column, ValueType } from '@winnow/kernel';
import { tableFromIPC, type Vector } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import type { Reader } from '../reader.ts';

const tableOf = (path: string) =>
  tableFromIPC(readParquet(Uint8Array.from(readFileSync(path))).intoIPCStream());

// Arrow's own decoder would replace bad bytes and take a leading U+FEFF away.
const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The values of a column of texts. */
function texts(vector: Vector): (string | null)[] {
  return vector.data.flatMap((data) => {
    const bytes = data.values as Uint8Array;
    const offsets = Array.from(data.valueOffsets as Int32Array | BigInt64Array, Number);
    return Array.from({ length: data.length }, (_, at) =>
      data.getValid(at) ? exact.decode(bytes.subarray(offsets[at], offsets[at + 1])) : null,
    );
  });
}

/** An Arrow value as JSON: Arrow does not say which texts are JSON, so the column does. */
function asJson(type: ValueType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type.type) {
    case 'json':
      return JSON.parse(value as string);
    case 'int64':
      return Number(value);
    case 'list':
      return [...(value as Iterable<unknown>)].map((element) => asJson(type.element, element));
    case 'struct': {
      const fields = value as Record<string, unknown>;
      return Object.fromEntries(type.fields.map((field) => [field.name, asJson(field, fields[field.name])]));
    }
    default:
      return value;
  }
}

function valuesOf(column: Column, vector: Vector | null): unknown[] {
  if (vector === null) return [];
  const values: unknown[] = column.type === 'text' || column.type === 'json' ? texts(vector) : [...vector];
  return values.map((value) => asJson(column, value));
}

export const parquetWasm: Reader = {
  name: 'parquet-wasm',
  columns: ({ parts: [first] }) =>
    Promise.resolve(first === undefined ? [] : tableOf(first).schema.fields.map(({ name }) => name)),
  async *rows({ parts, columns }) {
    for (const part of parts) {
      const table = tableOf(part);
      const values = columns.map((column, index) => valuesOf(column, table.getChildAt(index)));
      for (let row = 0; row < table.numRows; row++) {
        const cells = columns.map(({ name }, index) => [name, values[index]?.[row] ?? null]);
        yield await Promise.resolve(Object.fromEntries(cells) as Record<string, unknown>);
      }
    }
  },
};
