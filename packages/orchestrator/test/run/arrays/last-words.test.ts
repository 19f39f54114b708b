import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { PrintedLog } from '../../../src/backend/array-backend.ts';
import { lastWords } from '../../../src/run/arrays/last-words.ts';

const CHILD = { jobId: 'j', index: 0, size: 1 };
const log = (...lines: string[]): PrintedLog => ({ attempt: '1', lines: Readable.from(lines) });
const wordsOf = (...logs: PrintedLog[]): Promise<string | undefined> =>
  lastWords({ printed: () => Promise.resolve(logs) }, CHILD);

test.each<[string, string | undefined, string[]]>([
  [
    'the worker says why it ends',
    's3://b/run.json: not found',
    [
      '{"event":"shard-started"}',
      'Error: something before',
      'winnow worker: s3://b/run.json: not found',
      '    at readRun',
    ],
  ],
  [
    'an engine says what it cannot',
    "Error: Cannot find module '/app/main.js'",
    [
      'node:internal/modules/cjs/loader:1210',
      "Error: Cannot find module '/app/main.js'",
      '    at x',
      'Node.js v24',
    ],
  ],
  ['else the last line that is no event', 'exec format error', ['exec format error', '', '{"event":"x"}']],
  ['nothing but events', undefined, ['{"event":"shard-started"}']],
  ['nothing', undefined, []],
])('%s', async (_, expected, lines) => {
  expect(await wordsOf(log(...lines))).toBe(expected);
});

test('are those of the last attempt', async () => {
  expect(await wordsOf(log('winnow worker: first'), log('winnow worker: second'))).toBe('second');
});

test('are nothing where nobody here may read them, or there is no log', async () => {
  const denied = { printed: () => Promise.reject(new Error('not authorized')) };
  expect(await lastWords(denied, CHILD)).toBeUndefined();
  expect(await wordsOf()).toBeUndefined();
});

test('are looked for in the first thousand lines: a container may have printed for hours', async () => {
  let read = 0;
  const endless = async function* (): AsyncGenerator<string> {
    for (;;) {
      read++;
      yield await Promise.resolve('{}');
    }
  };
  expect(await wordsOf({ attempt: '1', lines: endless() })).toBeUndefined();
  expect(read).toBe(1000);
});
