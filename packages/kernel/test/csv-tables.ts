/** Tables and dialects for fast-check, and the plainest writer. */
import fc from 'fast-check';
import type { Column } from '../src/column.ts';
import type { CsvDialect } from '../src/csv-dialect.ts';

export const dialects: fc.Arbitrary<CsvDialect> = fc.record({
  delimiter: fc.constantFrom(',', ',', ';', '\t', '|', '\x01', ' '),
  quote: fc.constantFrom('"', '"', "'", undefined),
  escape: fc.constantFrom('double' as const, 'double' as const, 'backslash' as const),
  comment: fc.constantFrom(undefined, undefined, '#'),
  newline: fc.constantFrom('lf' as const, 'crlf' as const, 'cr' as const, 'any' as const),
  header: fc.boolean(),
  blankLines: fc.constantFrom('skip' as const, 'record' as const),
});

/** Of every type that a column of CSV has. */
export const COLUMNS: readonly Column[] = [
  { name: 't', type: 'text' },
  { name: 'i', type: 'int64' },
  { name: 'd', type: 'double' },
  { name: 'b', type: 'boolean' },
  { name: 'm', type: 'decimal', precision: 20, scale: 2 },
  { name: 'y', type: 'date' },
  { name: 's', type: 'timestamp' },
  { name: 'c', type: 'datetime' },
  { name: 'u"é', type: 'text' },
];

/** Texts of values, and texts that are nearly values. */
export const SPELLINGS = [
  ...[
    '0',
    '7',
    '-1',
    '007',
    '+1',
    '-0',
    '1.0',
    '1e3',
    ' 7',
    '7 ',
    '9223372036854775807',
    '9223372036854775808',
  ],
  ...['-9223372036854775808', '0.1', '1.50', '-0.0', '1E5', '1e+21', '1e21', '0.000001', '1e-7', '0.0000001'],
  ...[
    '0.1234567890123456789',
    '0.30000000000000004',
    '123456789012345.5',
    '1.',
    '.5',
    '-',
    '1e',
    '12.34',
    '-12.30',
  ],
  ...[
    '0.00',
    '-0.00',
    '184467440737095516.15',
    '9007199254740993',
    '9007199254740992',
    '1e400',
    'NaN',
    'Infinity',
  ],
  ...[
    'true',
    'false',
    'TRUE',
    'truE',
    't',
    'false ',
    'fals',
    'true1',
    '2024-02-29',
    '2023-02-29',
    '0001-01-01',
  ],
  ...['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.5Z', '2024-02-29 23:59:59', '2024-02-29T23:59:59'],
  ...['2024-02-29T23:59:59.500', '2024-02-29T23:59:59+01:00', '1969-12-31T23:59:59.999999Z', '9999-12-31'],
  ...[
    '1969-12-31T23:59:59.999999',
    'é',
    '😂',
    'NULL',
    '\\N',
    'plain',
    'a longer text than sixteen bytes',
    '',
  ],
] as const;

/** One text that fits each of the columns. */
export const FITTING: Readonly<Record<string, string>> = {
  ...{ i: '-12', d: '0.5', b: 'true', m: '12.30', y: '2024-02-29' },
  ...{ s: '2024-02-29T23:59:59.5Z', c: '2024-02-29T23:59:59' },
};

/** The table as text: what needs quotes has them, and so has `quoted`. Null is nothing. */
export function writeCsv(
  rows: readonly (readonly (string | null)[])[],
  { delimiter, quote, escape, comment, newline }: CsvDialect,
  isQuoted: () => boolean,
): string {
  const lineEnd = { lf: '\n', crlf: '\r\n', cr: '\r', any: '\n' }[newline];
  const special = [delimiter, quote, comment, '\r', '\n'];
  const field = (text: string | null): string => {
    if (text === null) return '';
    if (quote === undefined) return text;
    const needsQuotes = text === '' || special.some((part) => part !== undefined && text.includes(part));
    if (!needsQuotes && !isQuoted()) return text;
    const escaped =
      escape === 'double'
        ? text.replaceAll(quote, quote + quote)
        : text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return quote + escaped + quote;
  };
  return rows.map((row) => row.map(field).join(delimiter) + lineEnd).join('');
}
