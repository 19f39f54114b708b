import { ledgerEntries } from '../ledger/entries.ts';
import { ledgerReceipts, storedReceipts } from '../ledger/receipts.ts';
import { Ledger, isBalanced, isComplete } from '../ledger/sums.ts';
import type { LedgerSums } from '../ledger/sums.ts';
import { emptyPartKey, isStaged, partsFolder, publishedKey, runKeys, type RunKeys } from '../run-keys.ts';
import type { Refusal } from '../shapes/refusal.ts';
import { report as reportShape } from '../shapes/report.ts';
import type { Report } from '../shapes/report.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { receiptText } from './compare-receipts.ts';
import { writeInputs } from './close-inputs.ts';
import { digestOf } from './digest.ts';
import { createExactly, jsonBytes, readJson } from './objects.ts';
import { removeLeft } from './left-outputs.ts';
import { publish, removeReplaced } from './publish.ts';
import { driftList, makeReport } from './report.ts';
import type { ReportFacts } from './report.ts';
import { ReportList } from './report-list.ts';
import { readUnits } from './run-file.ts';
import { discardLeftovers, sweep } from './sweep.ts';
import { beginWriting, writeSuccess } from './success.ts';
import type { TextCodec } from './text-codec.ts';
import { createText } from './text-objects.ts';

export interface CloseContext {
  readonly codec: TextCodec;
  readonly facts: ReportFacts;
  /** The part of a run without any rows: the schema alone. The same bytes at every call. */
  readonly emptyPart: () => Promise<Uint8Array>;
  /** Renders `report.html`. Without it there is none. */
  readonly page?: (report: Report) => Uint8Array | Promise<Uint8Array>;
}

/** The lists of a report under way. */
interface Lists {
  parts: ReportList<Report['parts'][number]>;
  readonly refused: ReportList<Refusal>;
}

/**
 * Closes a run: ledger, inputs, sweep, report, `_SUCCESS`, in this order. May be called at any time, by several at
 * once, beside living attempts and again after a crash at any step:
 *
 * - `ledger.ndjson.zst` and `inputs.ndjson.zst` are written only once every unit is committed. From then on they
 *   follow from objects that never change, so every closer makes the same bytes and creates them exclusively.
 * - The sweep takes only what no receipt can ever list.
 * - A run that replaces what came before is published then (`publish.ts`): its report lists no parts before. In the layout
 *   `mirror` the outputs that it has not itself replaced go (`left-outputs.ts`).
 * - `report.json` is replaced; a closer that summed before the last receipts came does not put its report over that
 *   of a finished run, and sums again instead.
 * - `_SUCCESS` comes last and only for a complete, balanced run, so that "closed" (the same command again has nothing
 *   to do) means that all the rest is there.
 *
 * A run that is not complete gets a report and a sweep of the sub-units that are: it stays open for the same command.
 */
export async function closeRun(storage: Storage, run: RunFile, context: CloseContext): Promise<Report> {
  for (;;) {
    const report = await closeOnce(storage, run, context);
    if (report !== undefined) return report;
  }
}

async function closeOnce(storage: Storage, run: RunFile, context: CloseContext): Promise<Report | undefined> {
  const { codec, facts } = context;
  const keys = runKeys(run.runId);
  const lists: Lists = { parts: new ReportList('parts', codec), refused: new ReportList('refused', codec) };
  const sums = await addUp(storage, run, codec, lists);
  const complete = isComplete(sums);
  if (complete) await writeInputs(storage, run, codec);
  await sweep(storage, run, () =>
    complete ? ledgerReceipts(storage, keys, codec) : storedReceipts(storage, keys),
  );
  if (complete) await discardLeftovers(storage, run);
  if (complete && needsEmptyPart(run, sums))
    await lists.parts.add(await writeEmptyPart(storage, run, context));
  const isDone = isBalanced(sums);
  if (isStaged(run) && !(isDone && (await publish(storage, run, codec))))
    lists.parts = new ReportList('parts', codec);
  const problems = run.replaces === true && isDone ? await removeEarlier(storage, run, codec) : [];
  const told = { ...facts, problems: [...facts.problems, ...problems] };
  const report = makeReport(run, sums, told, { parts: lists.parts.entries, refused: lists.refused.entries });
  if (!complete && (await isReportedComplete(storage, keys.report))) return undefined;
  await writeLists(storage, run, context, sums, lists);
  await storage.replace(keys.report, jsonBytes(report));
  if (context.page !== undefined) await storage.replace(keys.reportPage, await context.page(report));
  if (isDone) await writeSuccess(storage, run);
  return report;
}

/** Outputs of runs that this one replaced, under names that it has not. `_SUCCESS` speaks for those until they go. */
async function removeEarlier(storage: Storage, run: RunFile, codec: TextCodec): Promise<string[]> {
  if (!isStaged(run)) {
    await beginWriting(storage, run);
    await removeReplaced(storage, run);
  }
  const stay = await removeLeft(storage, run, codec);
  const [first] = stay;
  if (first === undefined) return [];
  const more = stay.length > 1 ? ` and ${stay.length - 1} more` : '';
  return [
    `${first}${more}: stays, for an earlier run has that name, but lists other bytes; remove it if nobody needs it`,
  ];
}

/** One pass over plan and receipts: sums, the ledger's lines, the report's lists. */
async function addUp(storage: Storage, run: RunFile, codec: TextCodec, lists: Lists): Promise<LedgerSums> {
  const keys = runKeys(run.runId);
  const ledger = new Ledger();
  const compacted = await createText(storage, keys.ledger, codec);
  try {
    const entries = ledgerEntries(readUnits(storage, run), storedReceipts(storage, keys), (stray) =>
      ledger.addProblem(stray),
    );
    for await (const entry of entries) {
      ledger.add(entry);
      for (const receipt of entry.receipts) {
        await compacted.write(receiptText(receipt));
        const { unit, sub } = receipt;
        for (const { key, rows, bytes, sha256 } of receipt.parts)
          await lists.parts.add({ uri: uriOf(storage, keys, key), ...{ unit, sub, rows, bytes, sha256 } });
        for (const refusal of receipt.refused) await lists.refused.add(refusal);
      }
    }
    const sums = ledger.end(run);
    if (isComplete(sums)) await compacted.commit();
    return sums;
  } finally {
    await compacted.abort();
  }
}

const uriOf = (storage: Storage, keys: RunKeys, key: string): string =>
  `${storage.uri}/${publishedKey(keys, key)}`;

/**
 * In the layout `mirror` an input without rows has an output of its own: none is made up for the run. Beside a redrive
 * there are the parts of the run whose records it takes, or the empty one.
 */
export const needsEmptyPart = (run: RunFile, sums: LedgerSums): boolean =>
  run.frozen.layout === 'parts' && run.redrives === undefined && sums.parts.total === 0;

/** A run that wrote no part has one with the schema and no rows, so that readers of the output find the columns. */
async function writeEmptyPart(
  storage: Storage,
  run: RunFile,
  context: CloseContext,
): Promise<Report['parts'][number]> {
  const name = emptyPartKey(run.runId, run.frozen.format);
  const bytes = await context.emptyPart();
  await createExactly(storage, partsFolder(run) + name, bytes);
  return { uri: `${storage.uri}/${name}`, unit: 0, sub: 0, rows: 0, ...digestOf(bytes) };
}

async function isReportedComplete(storage: Storage, key: string): Promise<boolean> {
  const standing = await readJson(storage, key, reportShape.pick({ state: true }));
  return standing?.state === 'succeeded' || standing?.state === 'partial';
}

async function writeLists(
  storage: Storage,
  run: RunFile,
  { codec }: CloseContext,
  sums: LedgerSums,
  { parts, refused }: Lists,
): Promise<void> {
  const drift = new ReportList<Report['drift'][number]>('drift', codec);
  for (const fact of driftList(run, sums)) await drift.add(fact);
  const keys = runKeys(run.runId);
  for (const list of [parts, refused, drift]) await list.writeRest(storage, keys);
}
