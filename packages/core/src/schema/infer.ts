import { childrenOf, REST_COLUMN, type Column, type ValueType } from '@winnow/kernel';
import { walkRecord } from './record-walk.ts';
import { Seen, type Kind } from './seen.ts';

/** A column of more nested places than this is no table's: it stays JSON text. */
export const MAX_COLUMN_LEAVES = 1000;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Infers the columns of a run from sampled lines. Each place has the one type that held every sampled value exactly;
 * `json`, which holds anything, where none does. Columns and fields stand in order of appearance.
 *
 * | seen at a place                                  | type                                             |
 * |--------------------------------------------------|--------------------------------------------------|
 * | only booleans                                    | boolean                                          |
 * | only integers within int64                       | int64                                            |
 * | fractions, or both, and a double holds them all  | double                                           |
 * | only strings                                     | text: dates and moments are for a person to tell |
 * | only objects, of at most 200 keys in all         | struct of all their keys                         |
 * | only arrays, one of them not empty               | list of the type of all their elements           |
 * | anything else, or only null                      | json                                             |
 *
 * Nested deeper than 8 levels is json, and so is a whole column of more than 1,000 nested places.
 */
export class SchemaInference {
  readonly #columns = new Map<string, Seen>();
  /** Sampled lines that hold a JSON object. */
  records = 0;

  /** Lines that are no JSON object are passed over: the run will quarantine them. */
  addLine(line: string): void {
    const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
    if (!isObjectText(text)) return;
    this.records++;
    walkRecord(text, (key) => this.#column(key));
  }

  columns(): Column[] {
    return [...this.#columns].map(([name, seen]) => ({ name, ...columnType(seen) }));
  }

  /** What was seen of each column. */
  get seen(): ReadonlyMap<string, Seen> {
    return this.#columns;
  }

  /** A key named like the rest column, or not named at all, stays in the rest column. */
  #column(key: string): Seen | undefined {
    let seen = this.#columns.get(key);
    if (seen === undefined) {
      if (key === '' || key === REST_COLUMN || !key.isWellFormed()) return undefined;
      this.#columns.set(key, (seen = new Seen()));
    }
    if (seen.record === this.records) return undefined;
    seen.record = this.records;
    return seen;
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

function columnType(seen: Seen): ValueType {
  if (seen.isTooLarge) return { type: 'json' };
  const type = typeOf(seen);
  return leavesOf(type) > MAX_COLUMN_LEAVES ? { type: 'json' } : type;
}

function typeOf(seen: Seen): ValueType {
  const kinds = seen.kinds().filter((kind) => kind !== 'null');
  const are = (...allowed: Kind[]): boolean =>
    kinds.length > 0 && kinds.every((kind) => allowed.includes(kind));
  if (are('boolean')) return { type: 'boolean' };
  if (are('integer', 'integer beyond doubles')) return { type: 'int64' };
  if (are('integer', 'number')) return { type: 'double' };
  if (are('string')) return { type: 'text' };
  if (are('object') && seen.fields !== undefined) return { type: 'struct', fields: fieldsOf(seen.fields) };
  if (are('array') && seen.element !== undefined) return { type: 'list', element: typeOf(seen.element) };
  return { type: 'json' };
}

const fieldsOf = (fields: ReadonlyMap<string, Seen>): Column[] =>
  [...fields].map(([name, seen]) => ({ name, ...typeOf(seen) }));

function leavesOf(type: ValueType): number {
  const below = childrenOf(type);
  return below.length === 0 ? 1 : below.reduce((sum, child) => sum + leavesOf(child), 0);
}
