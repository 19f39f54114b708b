import { expect, test } from '@jest/globals';
import { reportText } from '../../src/report/text.ts';
import { CLEAN, REPORT } from './report-facts.ts';

test('a report tells everything that happened', () => {
  expect(reportText(REPORT).split('\n')).toEqual([
    'Run 0000-89abcdef: partial, balanced',
    '  records  1,234,567 read = 1,234,560 written + 0 filtered + 7 quarantined',
    '  skipped  12 blank lines, 1 byte order mark',
    '  bytes    2,000 planned = 1,999 read + 1 refused',
    '           5.00 GB decoded, 1.50 MB written',
    '  inputs   11 of 12 done',
    '  units    3 of 3 committed',
    '  attempts 3: 0 failed, 1 interrupted',
    '  memory   1,391 of 2,048 MiB in the largest process',
    '  time     1:40 min (50.0 MB/s decoded)',
    '',
    'Problems',
    '  7 records were quarantined, more than the 0 of --max-quarantined',
    '',
    'Refused inputs',
    '  a<b>.gz: truncated, 1 byte from 100 on (ends "early" & soon)',
    '',
    'Quarantined',
    '  5  not-an-object',
    '  2  bad-utf8',
    '',
    'Drift',
    '  5  created_utc (string; rest)',
    '',
    'Parts: 1 file, 1,234,560 rows',
    '  /out/part-0000-89abcdef-000000-0000.parquet  1 row, 1.50 MB',
    '',
    'The output is in /out; all about the run is in /out/_winnow/0000-89abcdef: report.html for reading, schema.yaml for --schema.',
    `Look at it:  duckdb -c "FROM '/out/*.parquet' LIMIT 10"`,
  ]);
});

test('a report of a run in which nothing was the matter is short', () => {
  // Of an older release.
  const { memory: _, ...clean } = CLEAN;
  expect(reportText({ ...clean, parts: [] }).split('\n')).toEqual([
    'Run 0000-89abcdef: succeeded, balanced',
    '  records  1 read = 1 written + 0 filtered + 0 quarantined',
    '  bytes    20 planned = 20 read + 0 refused',
    '           20 bytes decoded, 900 bytes written',
    '  inputs   1 of 1 done',
    '  units    3 of 3 committed',
    '  time     1:40 min (0 bytes/s decoded)',
  ]);
});

test('a long list is cut, and says so', () => {
  const quarantine = Array.from({ length: 12 }, (_, index) => ({ reason: `reason-${index}`, records: 1 }));
  const lines = reportText({ ...REPORT, quarantine }).split('\n');
  expect(lines).toContain('  1  reason-9');
  expect(lines).not.toContain('  1  reason-10');
  expect(lines).toContain('  … and 2 more in report.json');
});

test('a run that does not balance says so first', () => {
  expect(reportText({ ...REPORT, balanced: false }).split('\n')[0]).toContain('NOT BALANCED');
});

test('of a run that is not finished nothing else is said', () => {
  const report = {
    ...REPORT,
    state: 'cancelled',
    balanced: false,
    units: { total: 3, committed: 2 },
  } as const;
  expect(reportText(report).split('\n')[0]).toBe(
    'Run 0000-89abcdef: cancelled, unfinished: its command again goes on with it',
  );
});

test('outputs that have the names of their inputs are looked for in all folders', () => {
  const [part] = REPORT.parts;
  const mirrored = { ...REPORT, parts: [{ ...part!, uri: '/out/deep/a.parquet' }] };
  expect(reportText(mirrored, 'out')).toContain(`duckdb -c "FROM 'out/**/*.parquet' LIMIT 10"`);
  expect(reportText(mirrored)).not.toContain('duckdb');
});

test('outputs of JSON in the folders of their inputs are shown by one: _winnow has files of JSON too', () => {
  const [part] = REPORT.parts;
  for (const extension of ['json', 'ndjson']) {
    const mirrored = { ...REPORT, parts: [{ ...part!, uri: `/out/deep/a.${extension}` }] };
    expect(reportText(mirrored, 'out')).toContain(`duckdb -c "FROM '/out/deep/a.${extension}' LIMIT 10"`);
  }
});

test('the output is called as the user called it', () => {
  expect(reportText(REPORT, './out')).toContain('The output is in ./out;');
});

test.each([
  ["it's", `duckdb -c "FROM 'it''s/*.parquet' LIMIT 10"`],
  ['a$b', `duckdb -c 'FROM '\\''a$b/*.parquet'\\'' LIMIT 10'`],
])('a shell reads the way to look at %s as it is meant', (output, command) => {
  expect(reportText(REPORT, output)).toContain(command);
});

test.each(['ndjson', 'json', 'csv'])('the way to look at parts of %s names them', (format) => {
  const parts = REPORT.parts.map((part) => ({ ...part, uri: part.uri.replace(/parquet$/, format) }));
  expect(reportText({ ...REPORT, parts }, 'out')).toContain(`duckdb -c "FROM 'out/*.${format}' LIMIT 10"`);
});

test('what was told of documents is counted by code', () => {
  const diagnostics = [
    { code: 'value-misfit', severity: 'error', count: 1200 },
    { code: 'count-differs', severity: 'warning', count: 3 },
  ] as const;
  expect(reportText({ ...CLEAN, diagnostics: [...diagnostics] })).toContain(
    'Told of the inputs\n  1,200  value-misfit (error)\n      3  count-differs (warning)\n',
  );
  expect(reportText(CLEAN)).not.toContain('Told of');
});
