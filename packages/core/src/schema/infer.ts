import { REST_COLUMN, type Column, type PlainType } from '@winnow/kernel';
import { fitsDouble, isInt64Text } from './number-text.ts';
import { topLevelFields } from './top-level.ts';

/** What was seen of one key. Bits, so that seeing more only adds. */
const SEEN = { boolean: 1, int64: 2, double: 4, wideNumber: 8, string: 16, nested: 32 } as const;

/**
 * Infers the columns of a run from sampled lines. A key's column has the one type that held every sampled value
 * exactly: int64, double (integers and fractions mixed, all of them exact), boolean or text; `json`, which holds
 * anything, for nested values, for every mix and for keys that were only null. Columns stand in order of appearance.
 */
export class SchemaInference {
  readonly #seen = new Map<string, number>();
  /** Sampled lines that hold a JSON object. */
  records = 0;

  /** Lines that are no JSON object are passed over: the run will quarantine them. */
  addLine(line: string): void {
    if (!isObjectText(line)) return;
    this.records++;
    for (const { key, raw } of topLevelFields(line)) {
      this.#seen.set(key, (this.#seen.get(key) ?? 0) | kindOf(raw));
    }
  }

  columns(): Column[] {
    const columns: Column[] = [];
    for (const [name, seen] of this.#seen) {
      // A key named like the rest column, or not named at all, stays in the rest column.
      if (name !== REST_COLUMN && name !== '') columns.push({ name, type: typeOf(seen) });
    }
    return columns;
  }
}

function isObjectText(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function kindOf(raw: string): number {
  switch (raw[0]) {
    case 'n':
      return 0;
    case 't':
    case 'f':
      return SEEN.boolean;
    case '"':
      return SEEN.string;
    case '{':
    case '[':
      return SEEN.nested;
    default:
      return kindOfNumber(raw);
  }
}

function kindOfNumber(raw: string): number {
  if (!fitsDouble(raw))
    return isInt64Text(raw) ? SEEN.int64 | SEEN.wideNumber : SEEN.wideNumber | SEEN.double;
  return isInt64Text(raw) ? SEEN.int64 : SEEN.double;
}

/**
 * | seen                                             | type    |
 * |--------------------------------------------------|---------|
 * | only booleans                                    | boolean |
 * | only integers within int64                       | int64   |
 * | fractions, or both, and a double holds them all  | double  |
 * | only strings                                     | text    |
 * | anything else, or only null                      | json    |
 */
function typeOf(seen: number): PlainType {
  switch (seen) {
    case SEEN.boolean:
      return 'boolean';
    case SEEN.int64:
    case SEEN.int64 | SEEN.wideNumber:
      return 'int64';
    case SEEN.double:
    case SEEN.double | SEEN.int64:
      return 'double';
    case SEEN.string:
      return 'text';
    default:
      return 'json';
  }
}
