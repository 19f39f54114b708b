/** A field of a CSV record; whether it stood in quotes tells an empty text from nothing. */
export interface CsvField {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * Reads CSV by the letter of RFC 4180, section 2: every record ends with CR LF, quotes stand around a whole field and
 * are doubled inside, and fields without quotes hold neither quotes, commas, CR nor LF.
 *
 * @throws Error where the text is anything else
 */
export function readStrictCsv(text: string): CsvField[][] {
  const records: CsvField[][] = [];
  let record: CsvField[] = [];
  const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/gy;
  let at = 0;
  while (at < text.length) {
    field.lastIndex = at;
    const found = field.exec(text);
    if (!found) throw new Error(`no field at ${at}`);
    const [whole, quoted, plain = ''] = found;
    record.push(
      quoted === undefined
        ? { text: plain, quoted: false }
        : { text: quoted.replaceAll('""', '"'), quoted: true },
    );
    at += whole.length;
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`neither comma nor CR LF at ${at}`);
    at += 2;
    records.push(record);
    record = [];
  }
  if (record.length > 0) throw new Error('the last record has no CR LF');
  return records;
}
