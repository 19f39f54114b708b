import type { CsvDialect } from './csv-dialect.ts';
import type { CsvState } from './csv-state.ts';
import type { Kernel } from './kernel.ts';
import { QUARANTINE_REASONS, type QuarantineReason } from './reasons.ts';

/** Thrown where the names of an input's fields cannot be known: none of its records can be read. */
export class CsvHeaderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** Kind of a cell in `assembly/csv/cells.ts`: it has escapes. */
const ESCAPED = 3;

/** @throws CsvHeaderError naming the rule that the header broke */
export function refuseHeader(reason: QuarantineReason): never {
  throw new CsvHeaderError(
    `the header broke the rule ${reason}: mend it, or read the input without a header`,
  );
}

/** The names in the header that the kernel has just read. */
export function headerNames(
  kernel: Kernel,
  { headerCells, headerFields, headerFault }: CsvState,
  dialect: CsvDialect,
): string[] {
  const reason = QUARANTINE_REASONS[headerFault];
  if (reason !== undefined) refuseHeader(reason);
  const { buffer } = kernel.exports.memory;
  const cells = new Uint32Array(buffer, headerCells, headerFields * 2);
  return Array.from({ length: headerFields }, (_, index) => {
    const [start = 0, tag = 0] = cells.subarray(index * 2);
    const text = Buffer.from(buffer, start, tag >>> 3).toString();
    return (tag & 7) === ESCAPED ? unescaped(text, dialect) : text;
  });
}

function unescaped(text: string, { quote = '', escape }: CsvDialect): string {
  if (escape === 'double') return text.replaceAll(quote + quote, quote);
  return text.replaceAll(`\\\\`, '\\\0').replaceAll(`\\${quote}`, quote).replaceAll('\\\0', '\\');
}

/** @throws CsvHeaderError where two fields have one name. */
export function checkFieldNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new CsvHeaderError(
        `fields must have different names, got ${JSON.stringify(name)} twice: name the fields yourself`,
      );
    }
    seen.add(name);
  }
}
