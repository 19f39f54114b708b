import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { BUCKET, startCloud, type Cloud } from './cloud.ts';

let cloud: Cloud;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-long-'));
  cloud = await startCloud({ faults: { seed: 5, share: 0.03, stallMs: 200 } });
});
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

const IO = ['--source', `s3://${BUCKET}/in/`, '--output', `s3://${BUCKET}/out`];
const long = (id: number): string => `${JSON.stringify({ id, text: `${id} `.repeat(700_000) })}\n`;
const short = (id: number): string => `{"id":${id},"text":""}\n`;

async function redrive(...flags: string[]): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await cloud.winnow(
    ['redrive', ...IO, '--max-record-bytes', '64MiB', ...flags, '--json'],
    folder,
  );
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

test('long records are read again from the objects that the run pinned, and from no others', async () => {
  await cloud.objects.put('in/a.ndjson', short(1) + long(2) + long(3));
  await cloud.objects.put('in/b.gz', gzipSync(long(4) + short(5) + long(6)));
  await cloud.objects.put('in/c.ndjson', long(7));
  await cloud.objects.put('in/d.ndjson', long(8));
  const narrow = ['--max-record-bytes', '1MiB', '--max-quarantined', '6'];
  const first = await cloud.runReport([...IO, ...narrow], folder);
  expect(first).toMatchObject({ code: 0, report: { records: { written: 2, quarantined: 6 } } });
  // An object has another ETag by its bytes only.
  await cloud.objects.put('in/c.ndjson', `${long(7)}\n`);
  await cloud.objects.remove('in/d.ndjson');
  const again = await redrive('--max-quarantined', '2');
  expect(again).toMatchObject({
    code: 1,
    report: {
      balanced: true,
      records: { read: 6, written: 4, quarantined: 2 },
      inputs: {
        refused: [
          { input: 'c.ndjson', reason: 'changed', bytes: 0 },
          { input: 'd.ndjson', reason: 'vanished', bytes: 0 },
        ],
      },
    },
  });
  await cloud.objects.put('in/c.ndjson', long(7));
  await cloud.objects.put('in/d.ndjson', long(8));
  expect(await redrive()).toMatchObject({
    code: 0,
    report: { records: { read: 2, written: 2, quarantined: 0 } },
  });
  expect(await cloud.winnow(['verify', `s3://${BUCKET}/out`], folder)).toMatchObject({ code: 0 });
});
