import type { ColumnBatch } from './batch.ts';
import { columnNodes, type ColumnNode } from './column-node.ts';
import { COLUMN_TYPES, REST_COLUMN, type Column } from './column.ts';
import type { Kernel } from './kernel.ts';

/** Forms of text that rows can have. Their numbers are shared with `assembly/text/row-text.ts`. */
export const TEXT_FORMATS = ['ndjson', 'json', 'csv'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

export interface RowTextOptions {
  /** The last one may be `_rest`: its texts are JSON objects and are written as such. */
  readonly columns: readonly Column[];
  readonly format: TextFormat;
  /** CSV only: a text that begins with `=`, `+`, `-`, `@`, tab or carriage return gets an apostrophe in front. */
  readonly csvSafe?: boolean;
}

/**
 * Makes text of the rows of column batches. What stands before the first row and behind the last one is not its matter.
 *
 * - `ndjson`: an object a row, each with its line feed; `json`: the same objects with a comma and a line feed between
 *   them. Every column and every field of a struct is there, null where there is no value.
 * - `csv`: a record a row (RFC 4180), each with CR LF; nothing where there is no value, but `""` where the record would
 *   be an empty line; nested values as JSON.
 *
 * int64 and decimals are written in full, decimals with as many places as their column has; doubles as ECMAScript
 * prints them, but -0 as `-0.0`; days and moments in ISO 8601; json as it stands, but that in `ndjson` a space takes the
 * place of each line feed between its tokens.
 */
export class RowTextEncoder {
  readonly #kernel: Kernel;
  readonly #pointer: number;

  constructor(kernel: Kernel, { columns, format, csvSafe = false }: RowTextOptions) {
    this.#kernel = kernel;
    const nodes = columns.flatMap((column, index) => {
      const isRest = index === columns.length - 1 && column.name === REST_COLUMN && column.type === 'text';
      return textNodes(columnNodes(column), { first: index === 0, keyed: format !== 'csv', isRest });
    });
    this.#pointer =
      kernel.exports.rowTextNew(nodes.length, TEXT_FORMATS.indexOf(format), csvSafe && format === 'csv') >>>
      0;
    nodes.forEach(({ type, parameter, written, key }, index) => {
      const memory = kernel.exports.allocate(key.length) >>> 0;
      kernel.bytes.set(key, memory);
      kernel.exports.rowTextNode(this.#pointer, index, type, parameter, written, memory, key.length);
    });
  }

  /** Whether the batch is of the same kernel and has these columns, as far as their types go. */
  accepts(batch: ColumnBatch): boolean {
    return (
      batch.kernel === this.#kernel && this.#kernel.exports.rowTextAccepts(this.#pointer, batch.pointer) !== 0
    );
  }

  /**
   * The text of all rows of a batch that it accepts, in pieces of whole rows of about 1 MiB, or one longer row. Each
   * is a view of the kernel's memory, valid until the next call into it.
   */
  *encode(batch: ColumnBatch): Generator<Uint8Array, void, undefined> {
    for (let row = 0; row < batch.rows;) {
      row = this.#kernel.exports.rowTextAppend(this.#pointer, batch.pointer, row) >>> 0;
      yield this.#made();
    }
  }

  /** Gives the memory back to the kernel. Nothing may be called afterwards. */
  dispose(): void {
    this.#kernel.exports.rowTextFree(this.#pointer);
  }

  /** `out` of `RowText` in `assembly/text/row-text.ts`, a `Growable`: address and bytes in use come first. */
  #made(): Uint8Array {
    const { buffer } = this.#kernel.exports.memory;
    const [out = 0] = new Uint32Array(buffer, this.#pointer, 1);
    const [data = 0, used = 0] = new Uint32Array(buffer, out, 2);
    return new Uint8Array(buffer, data, used);
  }
}

interface TextNode {
  readonly type: number;
  readonly parameter: number;
  /** As which type it is written. */
  readonly written: number;
  readonly key: Uint8Array;
}

/** Of one column. `first`: no other stands before it; `keyed`: columns have keys, as fields of structs always have. */
function textNodes(
  nodes: readonly ColumnNode[],
  { first, keyed, isRest }: { readonly first: boolean; readonly keyed: boolean; readonly isRest: boolean },
): TextNode[] {
  const fields = fieldPlaces(nodes);
  return nodes.map(({ type, parameter, name }, place) => {
    const isFirst = place === 0 ? first : fields.get(place);
    const hasKey = isFirst !== undefined && (place > 0 || keyed);
    const key = hasKey ? Buffer.from(`${isFirst ? '{' : ','}${JSON.stringify(name)}:`) : Buffer.alloc(0);
    return { type, parameter, written: isRest ? COLUMN_TYPES.indexOf('json') : type, key };
  });
}

/** Which nodes are fields of structs, and whether each is the first of its own. */
function fieldPlaces(nodes: readonly ColumnNode[]): Map<number, boolean> {
  const struct = COLUMN_TYPES.indexOf('struct');
  const places = new Map<number, boolean>();
  for (const [parent, { type, span }] of nodes.entries()) {
    if (type !== struct) continue;
    for (let child = parent + 1; child < parent + span; child += nodes[child]?.span ?? 1)
      places.set(child, child === parent + 1);
  }
  return places;
}
