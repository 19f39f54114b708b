import type { BadRecord } from '@winnow/kernel';
import {
  partKey,
  type Frozen,
  type MendedRecord,
  type PartFact,
  type QuarantineLine,
  type Receipt,
  type RecordWriter,
  type RunKeys,
  type Storage,
  type TextOrigin,
} from '@winnow/core';
import { openConversion, type Conversion } from './conversion.ts';
import { HashedObject } from './hashed-object.ts';
import type { KernelSupply } from './kernel-supply.ts';
import { LongestLine } from './longest-line.ts';
import { MendedPlaces } from './mended-places.ts';
import { QuarantineFile, type RedrivenFacts } from './quarantine-file.ts';
import type { RecordBatch, RecordReader } from './record-reader.ts';

/** Where a sub-unit stands and what its objects are called. */
export interface SubUnitPlace {
  readonly keys: RunKeys;
  /** In front of the names of parts. */
  readonly folder: string;
  readonly unit: number;
  readonly sub: number;
  /** Of the names of its objects: tells apart attempts that found other inputs. */
  readonly suffix: string;
}

/** A sub-unit whose bytes are written but not yet visible. */
export interface BuiltSubUnit {
  readonly objects: readonly HashedObject[];
  readonly facts: Pick<
    Receipt,
    'records' | 'skipped' | 'lines' | 'parts' | 'quarantine' | 'drift' | 'diagnostics'
  > & {
    readonly decoded: number;
  };
}

/** A part being written. */
interface OpenPart {
  readonly object: HashedObject;
  readonly writer: RecordWriter<RecordBatch>;
  /** Records given to the writer. */
  rows: number;
}

interface FinishedPart {
  readonly object: HashedObject;
  readonly fact: PartFact;
}

const LINE_FEED = 0x0a;

/** A record that was quarantined before. */
interface RedrivenRecord {
  readonly facts: RedrivenFacts;
  /** What was kept of it then, where its bytes are the same now. */
  readonly kept?: Pick<BadRecord, 'raw' | 'rawLength' | 'sha256'>;
}

/** What was kept of a record's bytes. */
export const rawOf = ({ raw, rawBase64 = '' }: QuarantineLine): Buffer =>
  raw === undefined ? Buffer.from(rawBase64, 'base64') : Buffer.from(raw);

const keptOf = (line: QuarantineLine): NonNullable<RedrivenRecord['kept']> => ({
  raw: rawOf(line),
  rawLength: line.rawLength,
  sha256: line.sha256,
});

/**
 * Takes the decoded bytes of a sub-unit, input by input, and makes its parts and its quarantine:
 * bytes ▸ reader ▸ batches ▸ writer of the format. Ends with {@link finish} or {@link abort}, never with both.
 *
 * An input that has an output of its own (layout `mirror`) is a part of its own, also without records; the others make
 * one part together, and none without records.
 */
export class SubUnitBuilder {
  readonly #kernels: KernelSupply;
  readonly #conversion: Conversion;
  readonly #frozen: Frozen;
  readonly #storage: Storage;
  readonly #place: SubUnitPlace;
  readonly #reader: RecordReader;
  readonly #quarantine: QuarantineFile;
  #part: OpenPart | undefined;
  readonly #parts: FinishedPart[] = [];
  readonly #longest = new LongestLine();
  #input = '';
  /** Where the input in hand has an output of its own: its key. */
  #output: string | undefined;
  #origin: TextOrigin | undefined;
  /** Of a record that is redriven. */
  #again: RedrivenRecord | undefined;
  /** Decoded offset of the input's byte that comes next. */
  #offset = 0;
  /** What stands for records of the input in hand. */
  #mended = new MendedPlaces([]);
  /** The line in hand was mended: its bytes are passed over. */
  #passes = false;
  /** Of the reader, when the input in hand began. */
  #linesBefore = 0;
  #decoded = 0;
  #written = 0;
  #disposed = false;

  constructor(kernels: KernelSupply, frozen: Frozen, storage: Storage, place: SubUnitPlace) {
    this.#kernels = kernels;
    this.#frozen = frozen;
    this.#storage = storage;
    this.#place = place;
    this.#conversion = openConversion(kernels.kernel, frozen);
    this.#reader = this.#conversion.reader;
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

  /**
   * The bytes that follow belong to this input and begin at this offset of its decoded bytes.
   *
   * @param origin of lines that were made of another text
   * @param output key of the part that holds this input and nothing else, in the layout `mirror`
   * @param mended what is read in the place of records of it; where others stand in it does not change by that
   */
  startInput(
    key: string,
    offset: number,
    origin?: TextOrigin,
    output?: string,
    mended: readonly MendedRecord[] = [],
  ): void {
    this.#mended = new MendedPlaces(mended);
    this.#passes = false;
    this.#linesBefore = this.#reader.counts.lines;
    this.#input = key;
    this.#offset = offset;
    this.#origin = origin;
    this.#output = output;
    this.#reader.startInput(offset, origin, 0, key);
  }

  /**
   * Takes one record that was quarantined before: one line, mended or as it was.
   *
   * @param same it is as it was: where it is bad again, what was kept of its bytes is kept, which may have been several lines
   */
  async redrive(
    line: QuarantineLine,
    first: QuarantineLine['first'],
    text: Uint8Array,
    same: boolean,
  ): Promise<void> {
    const { records } = this;
    this.#again = { facts: { first }, ...(same && { kept: keptOf(line) }) };
    this.startInput(line.input, line.offset);
    await this.push(text);
    await this.endInput();
    this.#again = undefined;
    const taken = this.records - records;
    if (taken !== 1)
      throw new Error(
        `the record of ${line.input} at ${line.offset} is to be redriven as 1, it became ${taken}`,
      );
  }

  /** Quarantines one record that was quarantined before again, as the line has it. */
  async quarantineAgain(line: QuarantineLine, facts: RedrivenFacts): Promise<void> {
    const { offset, reason, detail } = line;
    this.#again = { facts };
    this.startInput(line.input, offset);
    this.#reader.addFault({ offset, reason, detail, ...keptOf(line) });
    await this.endInput();
    this.#again = undefined;
  }

  async push(bytes: Uint8Array): Promise<void> {
    this.#decoded += bytes.length;
    this.#longest.add(bytes);
    const start = this.#offset;
    this.#offset += bytes.length;
    let from = this.#passLine(bytes, 0, start);
    const faults = this.#origin?.takeFaults(this.#offset) ?? [];
    for (const { offset, fault, raw } of this.#mended.stopsBefore(this.#offset, faults)) {
      // All records before it are read first: it has its place among them.
      const at = Math.max(offset - start, from);
      await this.#read(bytes.subarray(from, at));
      from = at;
      if (raw !== undefined) {
        await this.#takeMended(offset, raw);
        // What a fault says stands between lines: none of their bytes is passed over.
        this.#passes = fault === undefined;
        if (fault) this.#goOn(offset);
        from = this.#passLine(bytes, from, start);
      } else if (fault) this.#reader.addFault(fault);
    }
    await this.#read(bytes.subarray(from));
  }

  /**
   * @param isWhole the input ends here, not only this sub-unit's share of it
   * @param isCut more of the input is refused, and the reader is to leave out what is open
   */
  async endInput(isWhole = true, isCut = false): Promise<void> {
    this.#longest.end();
    this.#reader.endInput(isCut);
    await this.#drain();
    const faults = isWhole ? (this.#origin?.takeFaults(Infinity) ?? []) : [];
    for (const { offset, fault, raw } of this.#mended.stopsBefore(Infinity, faults)) {
      // What was to be mended behind the end is of a part of the input that is refused.
      if (fault === undefined) continue;
      if (raw === undefined) this.#reader.addFault(fault);
      else await this.#takeMended(offset, raw);
    }
    await this.#drain();
    if (this.#output === undefined) return;
    this.#part ??= await this.#startPart();
    await this.#finishPart();
  }

  async finish(): Promise<BuiltSubUnit> {
    await this.#finishPart();
    const quarantine = await this.#quarantine.finish();
    const { counts } = this.#reader;
    const drift = this.#reader.takeDrift();
    const { diagnostics = [] } = this.#reader;
    this.#dispose();
    return {
      objects: [...this.#parts.map(({ object }) => object), ...(quarantine ? [quarantine.object] : [])],
      facts: {
        records: { read: counts.records, written: this.#written, filtered: 0, quarantined: counts.bad },
        skipped: { blank: counts.blank, bom: counts.bom, header: 0 },
        lines: counts.lines,
        decoded: this.#decoded,
        parts: this.#parts.map(({ fact }) => fact),
        ...(quarantine ? { quarantine: quarantine.fact } : {}),
        drift,
        ...(diagnostics.length > 0 ? { diagnostics } : {}),
      },
    };
  }

  /** Throws away what was made. */
  async abort(): Promise<void> {
    this.#dispose();
    for (const { object } of this.#parts) await object.pending.abort();
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

  async #takeMended(offset: number, raw: string): Promise<void> {
    this.#reader.startInput(offset, undefined, this.#linesRead);
    await this.#read(Buffer.from(`${raw}\n`));
  }

  /** Where a line that was mended goes on in these bytes, all but its line feed are passed over. Gives where to read on. */
  #passLine(bytes: Uint8Array, from: number, start: number): number {
    if (!this.#passes) return from;
    const end = bytes.indexOf(LINE_FEED, from);
    if (end < 0) return bytes.length;
    this.#passes = false;
    this.#goOn(start + end + 1);
    return end + 1;
  }

  /** The input goes on behind what was mended. */
  #goOn(offset: number): void {
    this.#reader.startInput(offset, this.#origin, this.#linesRead);
  }

  /** Lines of the input in hand. */
  get #linesRead(): number {
    return this.#reader.counts.lines - this.#linesBefore;
  }

  async #read(bytes: Uint8Array): Promise<void> {
    this.#reader.push(bytes);
    await this.#drain();
  }

  /** Takes what the reader has: full batches, then the bad records, which belong to the input in hand. */
  async #drain(): Promise<void> {
    for (let batch = this.#reader.next(); batch; batch = this.#reader.next()) await this.#append(batch);
    for (const bad of this.#reader.takeBad())
      await this.#quarantine.add(this.#input, { ...bad, ...this.#again?.kept }, this.#again?.facts);
  }

  async #append(batch: RecordBatch): Promise<void> {
    // A document is more than its records.
    if (batch.rows === 0 && !this.#conversion.readsDocuments) return;
    this.#part ??= await this.#startPart();
    this.#part.rows += batch.rows;
    this.#written += batch.rows;
    await this.#part.writer.append(batch);
  }

  async #startPart(): Promise<OpenPart> {
    const { keys, folder, unit, sub, suffix } = this.#place;
    const key = this.#output ?? folder + partKey(keys.runId, unit, sub, this.#frozen.format, suffix);
    const object = await HashedObject.create(this.#storage, key);
    return { object, writer: this.#conversion.openWriter(object), rows: 0 };
  }

  /** Ends the part in hand, if there is one, with the rows that no batch was full of. */
  async #finishPart(): Promise<void> {
    const rest = this.#reader.flush();
    if (rest) await this.#append(rest);
    if (!this.#part) return;
    const { object, writer, rows: given } = this.#part;
    const { rows, bytes } = await writer.finish();
    const { key } = object.pending;
    if (rows !== given || bytes !== object.bytes) {
      throw new Error(
        `part ${key}: ${rows} rows and ${bytes} bytes written, ${given} and ${object.bytes} given`,
      );
    }
    writer.dispose();
    const fact = { key, rows, bytes, sha256: await object.end() };
    const input = this.#output === undefined ? {} : { input: this.#input };
    this.#parts.push({ object, fact: { ...fact, ...input } });
    this.#part = undefined;
  }
}
