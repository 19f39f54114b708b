import type { Column } from '@winnow/kernel';

/** A CSV cell as a JSON value: texts are themselves, everything else is JSON text. */
export function fromText({ name, type }: Column, cell: string | null): unknown {
  if (cell === null || type === 'text') return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    throw new RangeError(`a cell of column ${JSON.stringify(name)} must be JSON, got ${cell.slice(0, 100)}`);
  }
}
