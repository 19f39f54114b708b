import { MAX_PRECISION, REST_COLUMN, type Column, type ValueType } from '@winnow/kernel';
import { PLAIN_TYPES } from '../shapes/column.ts';
import { didYouMean } from '../spec/did-you-mean.ts';
import { entriesOf } from './mapping.ts';
import type { SchemaReading } from './reading.ts';

const RULE = `must be one of ${PLAIN_TYPES.join(', ')}, decimal(18,2), {struct: {name: type}}, {list: type}, {map: type}`;
const DECIMAL_RULE = `must be decimal(precision,scale), precision from 1 to ${MAX_PRECISION}, scale from 0 to precision`;

/** What other systems call our types. They are refused: near enough is how values get altered. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  ...namesOf('text', 'string str varchar char utf8 uuid'),
  ...namesOf('int64', 'bigint integer int long int8 int16 int32 smallint tinyint'),
  ...namesOf('double', 'float float32 float64 real number'),
  ...namesOf('boolean', 'bool'),
  ...namesOf('json', 'any variant jsonb object'),
  ...namesOf('timestamp', 'timestamptz instant'),
  ...namesOf('datetime', 'timestampntz'),
  ...namesOf('decimal(18,2)', 'decimal numeric'),
  ...namesOf('{list: type}', 'list array repeated'),
  ...namesOf('{struct: {name: type}}', 'struct record row'),
  ...namesOf('{map: type}', 'map dictionary'),
};

function namesOf(ours: string, theirs: string): Record<string, string> {
  return Object.fromEntries(theirs.split(' ').map((name) => [name, ours]));
}

/** The type that people write: a name, `decimal(18,2)`, `{struct: {name: type}}`, `{list: type}` or `{map: type}`. */
export function readType(
  written: unknown,
  path: readonly string[],
  reading: SchemaReading,
  depth = 1,
): ValueType {
  if (!reading.admits(path, depth)) return { type: 'json' };
  if (typeof written === 'string') return readName(written, path, reading);
  const entries = entriesOf(written);
  const [kind = '', inner] = entries?.[0] ?? [];
  const below = [...path, kind];
  if (entries?.length === 1) {
    if (kind === 'list') return { type: 'list', element: readType(inner, below, reading, depth + 1) };
    if (kind === 'map') return { type: 'map', value: readType(inner, below, reading, depth + 1) };
    if (kind === 'struct')
      return { type: 'struct', fields: readFields(inner, below, reading, { top: false, depth }) };
  }
  return reading.refuse({ path, rule: RULE, got: { value: written } });
}

/** Columns, or the fields of a struct: what `readFields` reads are all of one mapping, in its order. */
export function readFields(
  written: unknown,
  path: readonly string[],
  reading: SchemaReading,
  { top, depth }: { readonly top: boolean; readonly depth: number },
): Column[] {
  const entries = entriesOf(written);
  if (entries === undefined || entries.length === 0) {
    const what = top ? 'must map names of columns to types' : 'must map at least one field to its type';
    reading.refuse({ path, rule: what, got: { value: written } });
    return [];
  }
  return entries.map(([name, type]) => {
    checkName(name, path, reading, top);
    return { name, ...readType(type, [...path, name], reading, depth + (top ? 0 : 1)) };
  });
}

/** The rules of names, for both forms of a schema. */
export function checkName(name: string, path: readonly string[], reading: SchemaReading, top: boolean): void {
  if (name === '') reading.refuse({ path, rule: 'must not hold an empty name' });
  else if (!name.isWellFormed())
    reading.refuse({ path, rule: `must not hold ${JSON.stringify(name)}, half of a surrogate pair` });
  if (top && name === REST_COLUMN)
    reading.refuse({ path, rule: `must not hold ${REST_COLUMN}, which keeps what fits no column` });
}

function readName(written: string, path: readonly string[], reading: SchemaReading): ValueType {
  const plain = PLAIN_TYPES.find((type) => type === written);
  if (plain !== undefined) return { type: plain };
  const got = { value: written };
  const [, family = '', digits = '', places = ''] = /^(\w+)\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(written) ?? [];
  if (family === 'decimal') {
    const [precision, scale] = [Number(digits), Number(places)];
    if (precision >= 1 && precision <= MAX_PRECISION && scale <= precision)
      return { type: 'decimal', precision, scale };
    return reading.refuse({ path, rule: DECIMAL_RULE, got });
  }
  if (family === 'numeric')
    return reading.refuse({ path, rule: RULE, got, hint: `did you mean decimal(${digits},${places})?` });
  if (/^decimal\b./.test(written))
    return reading.refuse({
      ...{ path, rule: DECIMAL_RULE, got },
      ...(written.includes(')') ? {} : { hint: 'between braces write it in quotes, "decimal(18,2)"' }),
    });
  const meant = meantType(written);
  return reading.refuse({
    ...{ path, rule: RULE, got },
    ...(meant === undefined ? {} : { hint: `did you mean ${meant}?` }),
  });
}

function meantType(written: string): string | undefined {
  const letters = written.toLowerCase().replace(/\(.*$|[^a-z0-9]/g, '');
  const known = Object.entries(FOREIGN_NAMES).find(([name]) => name === letters);
  return known?.[1] ?? didYouMean(written, PLAIN_TYPES);
}
