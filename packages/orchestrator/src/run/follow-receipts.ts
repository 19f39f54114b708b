import {
  readReceipt,
  receiptNames,
  runKeys,
  runUri,
  shardCount,
  type Intent,
  type Receipt,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { RunEvent } from '../events.ts';

/** Tells what is new in a run that is worked on elsewhere. */
export interface Follower {
  readonly pollMs: number;
  /** Tells what there is to do and what was done before. */
  begin(): Promise<void>;
  /** Tells what came since. */
  look(): Promise<void>;
}

const POLL_MS = 1000;

/** Follows a run by its receipts alone, in a folder of this machine: processes there commit every second or so. */
export function followReceipts(
  output: Storage,
  run: RunFile,
  intent: Intent | undefined,
  tell: (event: RunEvent) => void,
): Follower {
  const keys = runKeys(run.runId);
  const seen = new Set<string>();
  /** One at a time: a run may have a hundred thousand. */
  async function* newReceipts(): AsyncGenerator<Receipt> {
    for await (const { key, unit, sub } of receiptNames(output, keys)) {
      if (seen.has(key)) continue;
      seen.add(key);
      const receipt = await readReceipt(output, keys, unit, sub);
      if (receipt) yield receipt;
    }
  }
  return {
    pollMs: POLL_MS,
    begin: async () => {
      const already = { units: 0, records: 0, decoded: 0 };
      for await (const { last, records, bytes } of newReceipts()) {
        if (last) already.units++;
        already.records += records.read;
        already.decoded += bytes.decoded;
      }
      const { units, inputs, bytes, decoded } = run.plan;
      tell({
        kind: 'planned',
        runId: run.runId,
        directory: runUri(output.uri, run.runId),
        units,
        shards: intent ? shardCount(intent.grouping) : 0,
        ...{ inputs, bytes, decoded, already },
      });
    },
    look: async () => {
      for await (const { unit, sub, last, records, bytes } of newReceipts()) {
        const counts = { records: records.read, quarantined: records.quarantined, decoded: bytes.decoded };
        tell({ kind: 'committed', shard: 0, unit, sub, last, ...counts });
      }
    },
  };
}
