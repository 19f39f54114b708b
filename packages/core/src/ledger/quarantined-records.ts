import { parseJson } from '../commit/objects.ts';
import { readRun } from '../commit/run-file.ts';
import type { TextCodec } from '../commit/text-codec.ts';
import { quarantineLine, type QuarantineLine } from '../shapes/quarantine-line.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { placedReceipts } from './line-bases.ts';

/** A record in quarantine. */
export interface QuarantinedRecord {
  /** In whose quarantine it is. */
  readonly runId: string;
  /** Of its input, from 1; of elements of arrays their number. Undefined as long as it cannot be known. */
  readonly line: number | undefined;
  readonly record: QuarantineLine;
}

/** The quarantine of a run, in the order of its units, in the memory of one record and, of a redrive, of the first runs' cuts. */
export async function* quarantinedRecords(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): AsyncGenerator<QuarantinedRecord> {
  const firstRuns = new FirstRuns(storage, codec);
  for await (const { receipt, linesBefore } of placedReceipts(storage, run, codec)) {
    const { quarantine } = receipt;
    if (quarantine === undefined) continue;
    for await (const text of codec.lines(storage.read(quarantine.key))) {
      const record = parseJson(Buffer.from(text), quarantine.key, quarantineLine);
      const { first, lineInUnit } = record;
      const before = first === undefined ? linesBefore : await firstRuns.linesBefore(first);
      const at = first?.lineInUnit ?? lineInUnit;
      yield { runId: run.runId, line: before === undefined ? undefined : before + at, record };
    }
  }
}

/** Where redriven records stood: the lines before each sub-unit of the runs that found them. */
class FirstRuns {
  readonly #storage: Storage;
  readonly #codec: TextCodec;
  readonly #runs = new Map<string, Promise<Map<string, number | undefined>>>();

  constructor(storage: Storage, codec: TextCodec) {
    this.#storage = storage;
    this.#codec = codec;
  }

  async linesBefore({ runId, unit, sub }: NonNullable<QuarantineLine['first']>): Promise<number | undefined> {
    let known = this.#runs.get(runId);
    if (known === undefined) this.#runs.set(runId, (known = this.#read(runId)));
    return (await known).get(`${unit} ${sub}`);
  }

  async #read(runId: string): Promise<Map<string, number | undefined>> {
    const known = new Map<string, number | undefined>();
    const run = await readRun(this.#storage, runId);
    for await (const { receipt, linesBefore } of placedReceipts(this.#storage, run, this.#codec))
      if (receipt.quarantine) known.set(`${receipt.unit} ${receipt.sub}`, linesBefore);
    return known;
  }
}
