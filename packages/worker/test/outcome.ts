import { join } from 'node:path';
import { quarantineLine, readZstdLines, sumLedger, type LedgerNow, type Receipt } from '@winnow/core';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { PreparedRun } from './prepared-run.ts';
import { receiptsOf } from './prepared-run.ts';

/** What became of a run's records, in an order that no cut shows in. */
export interface Outcome {
  readonly rows: readonly string[];
  /** Input, offset, reason and raw bytes of each bad record. */
  readonly quarantined: readonly string[];
  readonly sums: LedgerNow['sums'];
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));

/** The rows of a sub-unit's parts, read by hyparquet. */
export async function rowsOf(
  { output }: PreparedRun,
  { parts }: Receipt,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const { key } of parts) {
    const file = await asyncBufferFromFile(join(output.uri, key));
    rows.push(...(await parquetReadObjects({ file, compressors })));
  }
  return rows;
}

/** Reads parts back with hyparquet, quarantine and receipts as they stand. */
export async function outcomeOf(prepared: PreparedRun): Promise<Outcome> {
  const { output, run } = prepared;
  const rows: string[] = [];
  const quarantined: string[] = [];
  for (let unit = 0; unit < run.plan.units; unit++) {
    for (const receipt of await receiptsOf(prepared, unit)) {
      for (const row of await rowsOf(prepared, receipt)) rows.push(asText(row));
      if (!receipt.quarantine) continue;
      for await (const line of readZstdLines(output.read(receipt.quarantine.key))) {
        const bad = quarantineLine.parse(JSON.parse(Buffer.from(line).toString()));
        quarantined.push(asText([bad.input, bad.offset, bad.reason, bad.raw, bad.rawBase64, bad.sha256]));
      }
    }
  }
  const { sums } = await sumLedger(output, run);
  return { rows: rows.sort(), quarantined: quarantined.sort(), sums };
}
