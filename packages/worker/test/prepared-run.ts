import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Column } from '@winnow/kernel';
import {
  createRun,
  createSubmission,
  diskStorage,
  draftPlan,
  ENGINE,
  groupShards,
  openSource,
  readReceipt,
  runIdOf,
  runKeys,
  runUri,
  storageOpener,
  shardCount,
  writePlan,
  type Frozen,
  type Intent,
  type Receipt,
  type RunFile,
  type Storage,
} from '@winnow/core';

export const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'int64' },
  { name: 'name', type: 'text' },
  { name: 'value', type: 'double' },
  { name: 'flag', type: 'boolean' },
  { name: 'nested', type: 'json' },
];

const SPEC_HASH = 'ab'.repeat(32);

export interface RunOptions {
  readonly source?: string;
  readonly output?: string;
  /** Decoded bytes of a unit; default 1 GiB: nothing is cut. */
  readonly unitBytes?: number;
  /** Units of a shard; default: all in one. */
  readonly unitsPerShard?: number;
  readonly layout?: Frozen['layout'];
  readonly drift?: Frozen['drift'];
  readonly rowGroupRows?: number;
  readonly rowGroupBytes?: number;
  readonly maxRecordBytes?: number;
  readonly maxInputDecoded?: number;
  readonly maxInputRatio?: number;
  readonly maxQuarantined?: number;
  readonly recordsPath?: string;
  /** Changes `run.json` before it is written. */
  readonly change?: (run: RunFile) => RunFile;
}

/** A run that is planned and submitted, in real folders. */
export interface PreparedRun {
  readonly run: RunFile;
  readonly intent: Intent;
  readonly source: Storage;
  readonly output: Storage;
  /** What `WINNOW_RUN` is set to. */
  readonly uri: string;
}

export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-worker-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Plans and submits what lies in `<folder>/in`, as the orchestrator would; smaller units than a spec may ask for. */
export async function prepareRun(folder: string, options: RunOptions = {}): Promise<PreparedRun> {
  const opened = await openSource(join(folder, options.source ?? 'in'), {
    cwd: folder,
    openStorage: storageOpener({}),
  });
  const root = join(folder, options.output ?? 'out');
  const output = diskStorage(root);
  const runId = runIdOf(0, SPEC_HASH);
  const draft = await draftPlan({
    storage: opened.storage,
    inputs: opened.list(),
    unitBytes: options.unitBytes ?? 2 ** 30,
    recordsPath: options.recordsPath,
    columns: COLUMNS,
    mirror: options.layout === 'mirror' ? { extension: 'parquet' } : undefined,
  });
  try {
    const { firstUnits } = await writePlan(output, runKeys(runId), draft.sha, draft.text());
    const drift = options.drift ?? 'rest';
    const { unitBytes, sha, units, inputs, bytes, decoded, classes } = draft;
    const planned: RunFile = {
      runId,
      generation: 0,
      specHash: SPEC_HASH,
      createdAt: '2026-01-01T00:00:00Z',
      source: opened.root,
      spec: {},
      frozen: {
        engine: ENGINE,
        zstd: process.versions['zstd'] ?? '',
        format: 'parquet',
        layout: options.layout ?? 'parts',
        columns: drift === 'rest' ? [...COLUMNS, { name: '_rest', type: 'text' }] : [...COLUMNS],
        drift,
        unitBytes,
        rowGroupRows: options.rowGroupRows ?? 100_000,
        rowGroupBytes: options.rowGroupBytes ?? 32 * 2 ** 20,
        maxRecordBytes: options.maxRecordBytes ?? 64 * 2 ** 20,
        ...(options.maxInputDecoded === undefined ? {} : { maxInputDecoded: options.maxInputDecoded }),
        ...(options.maxInputRatio === undefined ? {} : { maxInputRatio: options.maxInputRatio }),
        ...(options.recordsPath === undefined ? {} : { recordsPath: options.recordsPath }),
        codec: 'zstd',
        level: 3,
      },
      plan: {
        ...{ sha, objects: firstUnits.length, firstUnits },
        ...{ units, inputs, bytes, decoded, classes: [...classes] },
      },
    };
    const run = options.change ? options.change(planned) : planned;
    await createRun(output, run);
    const intent = await submit(output, run, options);
    return { run, intent, source: opened.storage, output, uri: runUri(root, runId) };
  } finally {
    await draft.dispose();
  }
}

/** One more submission of everything. */
export function submit(output: Storage, run: RunFile, options: RunOptions = {}): Promise<Intent> {
  const grouping = groupShards(run.plan.classes, options.unitsPerShard ?? 1_000_000);
  return createSubmission(output, runKeys(run.runId), (n) => ({
    n,
    backend: 'local',
    createdAt: '2026-01-01T00:00:00Z',
    grouping,
    shards: { first: 0, count: shardCount(grouping) },
    memoryMiB: 512,
    settings: { concurrency: 1, memoryMiB: 512, maxQuarantined: { records: options.maxQuarantined ?? 0 } },
  }));
}

/** The receipts of a unit, in order. */
export async function receiptsOf({ output, run }: PreparedRun, unit: number): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (;;) {
    const receipt = await readReceipt(output, runKeys(run.runId), unit, receipts.length);
    if (!receipt) return receipts;
    receipts.push(receipt);
  }
}

/** Key → hash of all that is committed: parts, quarantine and receipts. */
export async function committedObjects({ output, run }: PreparedRun): Promise<Map<string, string>> {
  const keys = runKeys(run.runId);
  const objects = new Map<string, string>();
  for await (const { key } of output.list('')) {
    if (!key.startsWith('part-') && !key.startsWith(keys.receipts) && !key.startsWith(keys.quarantineFolder))
      continue;
    const bytes = await readFile(join(output.uri, key));
    objects.set(key, createHash('sha256').update(bytes).digest('hex'));
  }
  return objects;
}
