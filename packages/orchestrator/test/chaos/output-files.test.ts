import { expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFolder } from '../winnow.ts';
import { differences, filesOf } from './output-files.ts';

const RUN = '_winnow/0000-0123abcd';

async function outputOf(folder: string, texts: Record<string, string>) {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return filesOf(folder);
}

test('parts, receipts and the ledger must be equal; attempts, logs and times need not', () =>
  withFolder(async (folder) => {
    const same = { 'part-0.parquet': 'p', _SUCCESS: 's', [`${RUN}/receipts/0-0.json`]: 'r' };
    const one = await outputOf(join(folder, 'one'), {
      ...same,
      [`${RUN}/run.json`]: 'at nine',
      [`${RUN}/attempts/0/0-a.json`]: 'once',
      '_winnow/tmp/left': 'half a part',
    });
    const other = await outputOf(join(folder, 'other'), {
      ...same,
      [`${RUN}/run.json`]: 'at ten',
      [`${RUN}/logs/0/1-b.ndjson.zst`]: 'twice',
    });
    expect(differences(one, other)).toEqual([]);
  }));

test('what is missing, strange or other is named', () =>
  withFolder(async (folder) => {
    const receipt = `${RUN}/receipts/000000-0000.json`;
    const ledger = `${RUN}/ledger.ndjson.zst`;
    const one = await outputOf(join(folder, 'one'), { a: '1', [receipt]: 'r', [ledger]: 'l' });
    const other = await outputOf(join(folder, 'other'), { a: '2', b: '1', [ledger]: 'L' });
    expect(differences(one, other)).toEqual([
      `${receipt} is missing`,
      'b is there, and not in the undisturbed run',
      `${ledger} has other bytes than in the undisturbed run`,
      'a has other bytes than in the undisturbed run',
    ]);
  }));
