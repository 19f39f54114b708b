import { createHash } from 'node:crypto';
import {
  compareKeys,
  ConfigurationError,
  WinnowError,
  type PlannedInput,
  type QuarantineLine,
  type Refusal,
  type Storage,
} from '@winnow/core';
import { DecodedBytes } from './decoded-bytes.ts';
import { InputPins } from './input-pins.ts';
import { assertUnchanged } from './pinned-input.ts';
import { refuse, wholly } from './refusals.ts';
import type { UnitContext } from './unit-context.ts';

const LINE_FEED = 0x0a;

/** Why a record was not read again: what is wrong with its input, or that other bytes stand there. */
export type Unread = NonNullable<QuarantineLine['unread']>;

/** Inputs of earlier runs that an attempt at a unit could not read again: by run and key. */
export type RefusedAgain = Map<string, Refusal>;

/** In an order that does not show which was found first. */
export const inOrder = (refused: RefusedAgain): Refusal[] =>
  [...refused.values()].sort(
    (a, b) => compareKeys(a.input, b.input) || compareKeys(a.run ?? '', b.run ?? ''),
  );

/** What a pass over a unit of a redrive needs to read inputs again. */
export type LongRecordsContext = Pick<UnitContext, 'output' | 'sourceOf' | 'maxWindowBytes' | 'warn'>;

/**
 * Reads records of which not all bytes were kept again from the inputs that they stand in: in the version that their run
 * pinned, at their offset, with their length and hash. Of a unit's records those of one input come one after the other, by
 * rising offsets; so one input is open at a time, and decoded once.
 *
 * An input that fails is refused for the whole unit, in `refused` from then on, so that a receipt tells by its refusals what
 * its attempt could not read. Nobody is to use what was made of the unit until then: `foundMore`.
 */
export class LongRecords {
  readonly #context: LongRecordsContext;
  readonly #onChunk: () => void;
  readonly #refused: RefusedAgain;
  #foundMore = false;
  #pins: { readonly runId: string; readonly list: InputPins } | undefined;
  #open: OpenInput | undefined;
  /** Memory of the longest record so far: as garbage, that of each would wait to be collected. */
  #room: Buffer = Buffer.alloc(0);

  constructor(context: LongRecordsContext, refused: RefusedAgain, onChunk: () => void) {
    this.#context = context;
    this.#refused = refused;
    this.#onChunk = onChunk;
  }

  /** This pass has refused an input that was not refused before. */
  get foundMore(): boolean {
    return this.#foundMore;
  }

  /** The record's bytes and a line feed, good until the next is read; or why there are none. */
  async read(line: QuarantineLine, runId: string): Promise<Buffer | Unread> {
    const name = `${runId} ${line.input}`;
    const before = this.#refused.get(name);
    if (before) return before.reason;
    const text = this.#roomFor(line.rawLength + 1);
    text[line.rawLength] = LINE_FEED;
    const record = text.subarray(0, line.rawLength);
    const found = await this.#find(line.input, runId);
    if (!found)
      return this.#refuse(
        name,
        runId,
        wholly(shareOf({ key: line.input, size: 0, pin: '' }), 'unreadable').refusal,
      );
    const { source, input, bytes } = found;
    try {
      const isThere = await bytes.read(line.offset, record);
      if (isThere && createHash('sha256').update(record).digest('hex') === line.sha256) return text;
      await assertUnchanged(source, input);
      return 'other-bytes';
    } catch (error) {
      const { warn } = this.#context;
      const { refusal } = await refuse({ source, warn }, error, shareOf(input), undefined);
      return this.#refuse(name, runId, refusal);
    }
  }

  async end(): Promise<void> {
    await this.#open?.bytes.end();
    await this.#pins?.list.end();
  }

  #roomFor(bytes: number): Buffer {
    if (this.#room.length < bytes) this.#room = Buffer.allocUnsafeSlow(bytes);
    return this.#room.subarray(0, bytes);
  }

  #refuse(name: string, run: string, refusal: Refusal): Unread {
    const detail = `records of run ${run} that are longer than what is kept of them stay in quarantine: ${refusal.detail}`;
    this.#refused.set(name, { ...refusal, detail, run });
    this.#foundMore = true;
    return refusal.reason;
  }

  /** Undefined where the run directory does not tell the input's place or version any more. */
  async #find(key: string, runId: string): Promise<OpenInput | undefined> {
    if (this.#open?.runId === runId && this.#open.input.key === key) return this.#open;
    await this.#open?.bytes.end();
    this.#open = undefined;
    try {
      const input = await (await this.#pinsOf(runId)).find(key);
      if (!input) return undefined;
      const source = await this.#context.sourceOf(runId);
      const { maxWindowBytes } = this.#context;
      const bytes = new DecodedBytes(source, input, { maxWindowBytes, onChunk: this.#onChunk });
      return (this.#open = { runId, input, source, bytes });
    } catch (error) {
      // Who has no way into a storage at all has found nothing about an input.
      if (!(error instanceof WinnowError) || error.retryable || error instanceof ConfigurationError)
        throw error;
      this.#context.warn(`what run ${runId} has written of input ${key} cannot be read: ${error.message}`);
      return undefined;
    }
  }

  async #pinsOf(runId: string): Promise<InputPins> {
    if (this.#pins?.runId === runId) return this.#pins.list;
    await this.#pins?.list.end();
    this.#pins = { runId, list: new InputPins(this.#context.output, runId) };
    return this.#pins.list;
  }
}

interface OpenInput {
  readonly runId: string;
  readonly input: PlannedInput;
  readonly source: Storage;
  readonly bytes: DecodedBytes;
}

/** Its bytes are no part of what the unit plans to read. */
const shareOf = (input: PlannedInput) => ({ input, start: 0, end: 0 });
