/** A record of a CSV text and the line that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records of a small CSV text (RFC 4180); empty lines are none. */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  // A cell is quoted, with quotes doubled, or has none of the characters that part cells.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy;
  let cells: string[] = [];
  let line = 1;
  let began = 1;
  cell.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) return [...rows, { line, cells: ['"'] }];
    const [whole, quoted, plain = '', end] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end === ',' && cell.lastIndex < text.length) continue;
    if (end === ',') cells.push('');
    if (cells.some((one) => one !== '')) rows.push({ line: began, cells });
    cells = [];
    began = line;
  }
  return rows;
}
