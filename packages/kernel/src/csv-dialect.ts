/** How lines end. `any`: LF, CR LF or CR, whichever comes. Their numbers are shared with `assembly/csv/dialect.ts`. */
export const CSV_NEWLINES = ['lf', 'crlf', 'cr', 'any'] as const;
export type CsvNewline = (typeof CSV_NEWLINES)[number];

/**
 * How a table is written as text. Delimiter, quote and comment are ASCII characters, all different; none is a line end,
 * a letter, a digit, `+`, `-`, `.` or NUL.
 */
export interface CsvDialect {
  readonly delimiter: string;
  /** Opens a quoted field where it is its first character; undefined: there are no quotes. */
  readonly quote: string | undefined;
  /**
   * What makes a quote in a quoted field text: a second quote, or a backslash before it. A backslash escapes itself and
   * the quote; before anything else it is text.
   */
  readonly escape: 'double' | 'backslash';
  /** A line that begins with it is no record; undefined: there are no comments. */
  readonly comment: string | undefined;
  /** Nothing else ends a line: with `lf` a CR before it is text. */
  readonly newline: CsvNewline;
  /** Whether the first record has the names of the fields. */
  readonly header: boolean;
  /** A line without a character is left out, or is a record of one empty field. */
  readonly blankLines: 'skip' | 'record';
}

/** RFC 4180 with a header, and any line ends. */
export const CSV: CsvDialect = {
  delimiter: ',',
  quote: '"',
  escape: 'double',
  comment: undefined,
  newline: 'any',
  header: true,
  blankLines: 'skip',
};

/** Numbers, truth values, days and moments are made of these, and a NUL may stand for no quote. */
const TAKEN = /[\0\n\r0-9A-Za-z+.-]/;

/** @throws RangeError where a character of the dialect breaks a rule. */
export function checkDialect({ delimiter, quote, escape, comment }: CsvDialect): void {
  const named = Object.entries({ delimiter, quote, comment });
  const used = new Map<string, string>(
    quote !== undefined && escape === 'backslash' ? [['\\', 'escape']] : [],
  );
  for (const [name, character] of named) {
    if (character === undefined) continue;
    const shown = JSON.stringify(character);
    if (character.length !== 1 || character > '\x7e' || TAKEN.test(character)) {
      throw new RangeError(
        `the ${name} must be one ASCII character, but no letter, digit, line end, NUL or one of + - . , got ${shown}`,
      );
    }
    const other = used.get(character);
    if (other !== undefined) throw new RangeError(`${other} and ${name} must differ, both are ${shown}`);
    used.set(character, name);
  }
}
