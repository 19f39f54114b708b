import { WinnowError } from '../errors.ts';
import { parseJson } from '../commit/objects.ts';
import { readRun } from '../commit/run-file.ts';
import type { TextCodec } from '../commit/text-codec.ts';
import { quarantineLine, type QuarantineLine } from '../shapes/quarantine-line.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { placedUnits, type PlacedReceipt } from './line-bases.ts';

/** A record in quarantine. */
export interface QuarantinedRecord {
  /** In whose quarantine it is. */
  readonly runId: string;
  /** Of its input, from 1; of elements of arrays their number. Undefined as long as it cannot be known. */
  readonly line: number | undefined;
  readonly record: QuarantineLine;
}

/** What is told of a quarantine besides its records. */
export interface QuarantineWatch {
  /** A quarantine object cannot be read, or not to its end: the others are gone on with. */
  readonly onDamage: (key: string, error: WinnowError) => void;
  /** So many units of the run are not committed yet. Called behind the last record, where there are any. */
  readonly onUnfinished: (units: number) => void;
}

/** The quarantine of a run, in the order of its units, in the memory of one record and, of a redrive, of the first runs' cuts. */
export async function* quarantinedRecords(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
  watch: QuarantineWatch,
): AsyncGenerator<QuarantinedRecord> {
  const firstRuns = new FirstRuns(storage, codec);
  let unfinished = 0;
  for await (const { receipts, committed } of placedUnits(storage, run, codec)) {
    if (!committed) unfinished++;
    for (const placed of receipts)
      for await (const record of linesOf(storage, codec, placed, watch)) {
        const { first, lineInUnit } = record;
        const before = first === undefined ? placed.linesBefore : await firstRuns.linesBefore(first);
        const at = first?.lineInUnit ?? lineInUnit;
        yield { runId: run.runId, line: before === undefined ? undefined : before + at, record };
      }
  }
  if (unfinished > 0) watch.onUnfinished(unfinished);
}

/** The lines of a quarantine object, as far as it can be read. */
async function* linesOf(
  storage: Storage,
  codec: TextCodec,
  { receipt: { quarantine } }: PlacedReceipt,
  { onDamage }: QuarantineWatch,
): AsyncGenerator<QuarantineLine> {
  if (quarantine === undefined) return;
  const { key } = quarantine;
  const lines = codec.lines(storage.read(key))[Symbol.asyncIterator]();
  try {
    for (;;) {
      let record: QuarantineLine;
      // Not around the yield: what whoever takes the record throws is no damage.
      try {
        const next = await lines.next();
        if (next.done === true) return;
        record = parseJson(Buffer.from(next.value), key, quarantineLine);
      } catch (error) {
        if (!(error instanceof WinnowError) || error.retryable) throw error;
        onDamage(key, error);
        return;
      }
      yield record;
    }
  } finally {
    await lines.return?.();
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
    for await (const { receipts } of placedUnits(this.#storage, run, this.#codec))
      for (const { receipt, linesBefore } of receipts)
        if (receipt.quarantine) known.set(`${receipt.unit} ${receipt.sub}`, linesBefore);
    return known;
  }
}
