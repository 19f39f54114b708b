/**
 * How accounting grows with the number of units: makes a run directory as workers would have left it (plan and
 * receipts, no parts), then adds it up, closes and verifies it in this process.
 *
 *     node bench/src/scale-units.ts [--units 100000]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  closeRun,
  createRun,
  diskStorage,
  runKeys,
  sumLedger,
  verifyRun,
  writePlan,
  zstdTextCodec,
  type Receipt,
  type RunFile,
} from '@winnow/core';

const { values } = parseArgs({ options: { units: { type: 'string', default: '100000' } } });
const units = Number(values.units);
const INPUT_BYTES = 1000;
const RUN_ID = '0000-00000000';
const columns = [{ name: 'id', type: 'int64' as const }];

const unitLine = (unit: number): string => {
  const input = { key: `input-${String(unit).padStart(7, '0')}`, size: INPUT_BYTES, pin: 'p' };
  return `${JSON.stringify({ unit, inputs: [input], decoded: INPUT_BYTES, memoryMiB: 512 })}\n`;
};

async function* planText(): AsyncGenerator<Uint8Array> {
  for (let unit = 0; unit < units; unit++) yield await Promise.resolve(Buffer.from(unitLine(unit)));
}

async function planSha(): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of planText()) hash.update(piece);
  return hash.digest('hex');
}

const runOf = (sha: string): RunFile => ({
  runId: RUN_ID,
  generation: 0,
  specHash: '0'.repeat(64),
  createdAt: '2026-01-01T00:00:00Z',
  source: '/',
  spec: {},
  frozen: {
    ...{
      engine: 1,
      zstd: '',
      format: 'parquet',
      layout: 'parts',
      columns,
      drift: 'drop',
      unitBytes: INPUT_BYTES,
    },
    ...{ rowGroupRows: 1, rowGroupBytes: 1, maxRecordBytes: 1, codec: 'zstd', level: 3 },
  },
  plan: {
    ...{
      sha,
      objects: Math.ceil(units / 1000),
      units,
      inputs: units,
      bytes: units * INPUT_BYTES,
      decoded: 0,
    },
    classes: [{ memoryMiB: 512, firstUnit: 0, units }],
  },
});

/** Of a unit whose records were all blank lines. */
const receiptOf = (unit: number): Receipt => ({
  ...{ runId: RUN_ID, unit, sub: 0, last: true },
  records: { read: 0, written: 0, filtered: 0, quarantined: 0 },
  skipped: { blank: INPUT_BYTES, bom: 0, header: 0 },
  lines: INPUT_BYTES,
  bytes: { planned: INPUT_BYTES, read: INPUT_BYTES, refused: 0, decoded: INPUT_BYTES, written: 0 },
  decodedEnd: INPUT_BYTES,
  ...{ parts: [], drift: [], refused: [] },
});

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(`${name.padEnd(8)} ${seconds.toFixed(1)} s, peak so far ${peakMb.toFixed(0)} MB`);
  return result;
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-units-'));
try {
  const storage = diskStorage(folder);
  const keys = runKeys(RUN_ID);
  const run = runOf(await planSha());
  await timed('plan', () => writePlan(storage, keys, run.plan.sha, planText()));
  await createRun(storage, run);
  mkdirSync(join(folder, keys.receipts));
  mkdirSync(join(folder, '_winnow/generations'));
  const { specHash, createdAt } = run;
  writeFileSync(
    join(folder, '_winnow/generations/0.json'),
    `${JSON.stringify({ generation: 0, specHash, createdAt })}\n`,
  );
  for (let unit = 0; unit < units; unit++)
    writeFileSync(join(folder, keys.receipt(unit, 0)), `${JSON.stringify(receiptOf(unit))}\n`);
  const { sums } = await timed('ledger', () => sumLedger(storage, run));
  const report = await timed('close', () =>
    closeRun(storage, run, {
      codec: zstdTextCodec,
      facts: {
        shards: { total: units, failed: 0 },
        attempts: { total: units, interrupted: 0, failed: 0 },
        time: { startedAt: '', endedAt: '', seconds: 0 },
        cost: { estimated: null, actual: null, currency: 'USD', items: [] },
        maxQuarantined: { records: 0 },
        cancelled: false,
        problems: [],
      },
      emptyPart: () => Promise.resolve(Buffer.from('PAR1')),
    }),
  );
  const problems = await timed('verify', () =>
    Array.fromAsync(verifyRun(storage, RUN_ID, { codec: zstdTextCodec })),
  );
  for (const { message } of problems) console.error(message);
  if (sums.units.committed !== units || report.state !== 'succeeded' || problems.length > 0)
    process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
