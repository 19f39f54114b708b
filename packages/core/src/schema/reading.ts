import type { ValueType } from '@winnow/kernel';

/** What a schema file breaks, and where. */
export interface SchemaProblem {
  /** From the top of the file: `['columns', 'actor', 'struct', 'id']`. */
  readonly path: readonly string[];
  /** Follows the place's name: "must be …". */
  readonly rule: string;
  /** The value that breaks it; left out where the rule says it all. */
  readonly got?: { readonly value: unknown };
  readonly hint?: string;
}

/** How deep types may stand in each other: a column's own type is the first level. */
export const MAX_TYPE_DEPTH = 32;
/** Far beyond any table; a file of a few lines can come to more by anchors or references. */
const MAX_TYPES = 100_000;
/** More would bury the first ones. */
const MAX_PROBLEMS = 20;

/** A schema file being read: goes on after a problem, to tell the others too. */
export class SchemaReading {
  readonly problems: SchemaProblem[] = [];
  #types = 0;

  /** Tells a problem. What it gives stands where a type must stand, and is never used. */
  refuse(problem: SchemaProblem): ValueType {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
    return { type: 'json' };
  }

  /** To be asked before each type: false, with a problem told, where it stands too deep or is one too many. */
  admits(path: readonly string[], depth: number): boolean {
    this.#types++;
    if (this.#types === MAX_TYPES + 1)
      this.refuse({ path: [], rule: `must hold at most ${MAX_TYPES} types, with all that are nested` });
    if (this.#types > MAX_TYPES || this.problems.length === MAX_PROBLEMS) return false;
    if (depth <= MAX_TYPE_DEPTH) return true;
    this.refuse({ path, rule: `stands too deep: types are nested at most ${MAX_TYPE_DEPTH} levels` });
    return false;
  }
}
