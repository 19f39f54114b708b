import { NdjsonReader, type ColumnBatch, type Kernel } from '@winnow/kernel';
import {
  openRecordWriter,
  partKey,
  type Frozen,
  type PartFact,
  type Receipt,
  type RecordWriter,
  type RunKeys,
  type Storage,
} from '@winnow/core';
import { HashedObject } from './hashed-object.ts';
import type { KernelSupply } from './kernel-supply.ts';
import { LongestLine } from './longest-line.ts';
import { QuarantineFile } from './quarantine-file.ts';

/** Where a sub-unit stands and what its objects are called. */
export interface SubUnitPlace {
  readonly keys: RunKeys;
  readonly unit: number;
  readonly sub: number;
  /** Of the names of its objects: tells apart attempts that found other inputs. */
  readonly suffix: string;
}

/** A sub-unit whose bytes are written but not yet visible. */
export interface BuiltSubUnit {
  readonly objects: readonly HashedObject[];
  readonly facts: Pick<Receipt, 'records' | 'skipped' | 'lines' | 'parts' | 'quarantine' | 'drift'> & {
    readonly decoded: number;
  };
}

/**
 * Takes the decoded bytes of a sub-unit, input by input, and makes its part and its quarantine:
 * bytes ▸ reader kernel ▸ column batches ▸ writer of the format. Ends with {@link finish} or {@link abort}, never with both.
 */
export class SubUnitBuilder {
  readonly #kernels: KernelSupply;
  readonly #kernel: Kernel;
  readonly #frozen: Frozen;
  readonly #storage: Storage;
  readonly #place: SubUnitPlace;
  readonly #reader: NdjsonReader;
  readonly #quarantine: QuarantineFile;
  #part: { object: HashedObject; writer: RecordWriter } | undefined;
  readonly #longest = new LongestLine();
  #input = '';
  #decoded = 0;
  #written = 0;
  #disposed = false;

  constructor(kernels: KernelSupply, frozen: Frozen, storage: Storage, place: SubUnitPlace) {
    this.#kernels = kernels;
    this.#kernel = kernels.kernel;
    this.#frozen = frozen;
    this.#storage = storage;
    this.#place = place;
    this.#reader = new NdjsonReader(this.#kernel, frozen);
    this.#quarantine = new QuarantineFile(
      storage,
      place.keys.quarantine(place.unit, place.sub, place.suffix),
      place.unit,
    );
  }

  /** Records taken so far, good and bad. */
  get records(): number {
    return this.#reader.counts.records;
  }

  get decoded(): number {
    return this.#decoded;
  }

  /** The bytes that follow belong to this input and begin at this offset of its decoded bytes. */
  startInput(key: string, offset: number): void {
    this.#input = key;
    this.#reader.startInput(offset);
  }

  async push(bytes: Uint8Array): Promise<void> {
    this.#decoded += bytes.length;
    this.#longest.add(bytes);
    this.#reader.push(bytes);
    await this.#drain();
  }

  async endInput(): Promise<void> {
    this.#longest.end();
    this.#reader.endInput();
    await this.#drain();
  }

  async finish(): Promise<BuiltSubUnit> {
    const rest = this.#reader.flush();
    if (rest) await this.#append(rest);
    const part = await this.#finishPart();
    const quarantine = await this.#quarantine.finish();
    const { counts } = this.#reader;
    const drift = this.#reader.takeDrift();
    this.#dispose();
    return {
      objects: [...(part ? [part.object] : []), ...(quarantine ? [quarantine.object] : [])],
      facts: {
        records: { read: counts.records, written: this.#written, filtered: 0, quarantined: counts.bad },
        skipped: { blank: counts.blank, bom: counts.bom, header: 0 },
        lines: counts.lines,
        decoded: this.#decoded,
        parts: part ? [part.fact] : [],
        ...(quarantine ? { quarantine: quarantine.fact } : {}),
        drift,
      },
    };
  }

  /** Throws away what was made. */
  async abort(): Promise<void> {
    this.#dispose();
    await this.#part?.object.pending.abort();
    await this.#quarantine.abort();
  }

  #dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#reader.dispose();
    this.#part?.writer.dispose();
    this.#kernels.giveBack(this.#longest.bytes);
  }

  /** Takes what the reader has: full batches, then the bad records, which belong to the input in hand. */
  async #drain(): Promise<void> {
    for (let batch = this.#reader.next(); batch; batch = this.#reader.next()) await this.#append(batch);
    for (const bad of this.#reader.takeBad()) await this.#quarantine.add(this.#input, bad);
  }

  async #append(batch: ColumnBatch): Promise<void> {
    if (batch.rows === 0) return;
    this.#part ??= await this.#startPart();
    this.#written += batch.rows;
    await this.#part.writer.append(batch);
  }

  async #startPart(): Promise<{ object: HashedObject; writer: RecordWriter }> {
    const { keys, unit, sub, suffix } = this.#place;
    const object = await HashedObject.create(
      this.#storage,
      partKey(keys.runId, unit, sub, this.#frozen.format, suffix),
    );
    return { object, writer: openRecordWriter(this.#kernel, this.#frozen, object) };
  }

  async #finishPart(): Promise<{ object: HashedObject; fact: PartFact } | undefined> {
    if (!this.#part) return undefined;
    const { object, writer } = this.#part;
    const { rows, bytes } = await writer.finish();
    if (rows !== this.#written || bytes !== object.bytes) {
      throw new Error(
        `part ${object.pending.key}: ${rows} rows and ${bytes} bytes written, ${this.#written} and ${object.bytes} given`,
      );
    }
    return { object, fact: { key: object.pending.key, rows, bytes, sha256: object.sha256() } };
  }
}
