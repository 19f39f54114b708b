import { expect, test } from '@jest/globals';
import { checkParts, checkRun, tableText } from './check.ts';

test('the table shows each check, shortens what is right and ends with the counts', () => {
  const checks = [
    checkRun('a/b.ndjson', 'exit code', 0, 0),
    checkParts('a/b.ndjson', 'hash', 'f'.repeat(64), { DuckDB: 'f'.repeat(64), hyparquet: 'f'.repeat(64) }),
    checkParts('a/b.ndjson', 'rows', 3, { DuckDB: 3, hyparquet: 2 }),
  ];
  expect(tableText(checks).split('\n')).toEqual([
    'file      check      expected                      found                         ok',
    'b.ndjson  exit code  0                             0                             ok',
    'b.ndjson  hash       fffffffffffffffffffffffffff…  fffffffffffffffffffffffffff…  ok',
    'b.ndjson  rows       3                             DuckDB: 3, hyparquet: 2       FAILED',
    '',
    '2 passed, 1 failed',
  ]);
});

test('what nobody judged is not right', () => {
  expect(checkParts('a', 'rows', 3, {}).ok).toBe(false);
});
