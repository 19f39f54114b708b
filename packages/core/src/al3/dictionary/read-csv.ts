import { csvRows } from './csv-rows.ts';
import {
  FIELD_NAMES,
  isGroupName,
  setField,
  type LineNote,
  type WrittenDictionary,
  type WrittenElement,
} from './written-element.ts';

const NEEDED = ['group'] as const;

/** Reads a dictionary as a table: a header that names the fields, then an element a line. */
export function readCsvDictionary(text: string): WrittenDictionary {
  const [header, ...rows] = csvRows(text);
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase().replaceAll(/[ -]/g, '_'));
  const known = names.map((name) => FIELD_NAMES[name]);
  const line = header?.line ?? 1;
  const problems: LineNote[] = names
    .filter((_, index) => known[index] === undefined)
    .map((name) => ({
      line,
      message: `unknown column ${name || '(without a name)'}: known are ${Object.keys(FIELD_NAMES).join(', ')}`,
    }));
  for (const field of NEEDED)
    if (!known.includes(field)) problems.push({ line, message: `the column ${field} is missing` });
  if (problems.length > 0) return { elements: [], problems };
  const elements: WrittenElement[] = [];
  for (const row of rows) {
    const element = { line: row.line, group: '' };
    const faults = row.cells.map((written, index) => {
      const name = names[index];
      return name === undefined
        ? `has more cells than the header: ${written}`
        : setField(element, name, written);
    });
    for (const message of faults.filter((fault) => fault !== undefined))
      problems.push({ line: row.line, message });
    if (!isGroupName(element.group))
      problems.push({
        line: row.line,
        message: `group must be a digit and three capital letters or digits, got ${element.group || 'nothing'}`,
      });
    else elements.push(element);
  }
  return { elements, problems };
}
