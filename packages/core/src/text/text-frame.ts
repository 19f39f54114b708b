import type { RowTextOptions } from '@winnow/kernel';
import { csvHeader } from './csv-header.ts';

/** What stands around the rows of a file. */
export interface TextFrame {
  readonly head: string;
  readonly foot: string;
  readonly footWithoutRows: string;
}

/** NDJSON is nothing but its rows; JSON is one array with an element a line; CSV has a header. */
export function textFrame({ format, columns, csvSafe = false }: RowTextOptions): TextFrame {
  switch (format) {
    case 'ndjson':
      return { head: '', foot: '', footWithoutRows: '' };
    case 'json':
      return { head: '[\n', foot: '\n]\n', footWithoutRows: ']\n' };
    case 'csv': {
      const names = columns.map(({ name }) => name);
      return { head: csvHeader(names, { csvSafe }), foot: '', footWithoutRows: '' };
    }
  }
}
