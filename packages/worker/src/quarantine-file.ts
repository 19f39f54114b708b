import { isUtf8 } from 'node:buffer';
import { TEXT_LEVEL, ZstdTextWriter, type QuarantineLine, type Receipt, type Storage } from '@winnow/core';
import { HashedObject } from './hashed-object.ts';
import type { QuarantinedRecord } from './record-reader.ts';

/** What a line says of a record that was quarantined before. */
export type RedrivenFacts = Pick<QuarantineLine, 'first' | 'unread'>;

/** The quarantine of a sub-unit: made when the first bad record comes, absent when none does. */
export class QuarantineFile {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #unit: number;
  readonly #reasons = new Map<string, number>();
  #file: { object: HashedObject; text: ZstdTextWriter } | undefined;

  constructor(storage: Storage, key: string, unit: number) {
    this.#storage = storage;
    this.#key = key;
    this.#unit = unit;
  }

  /** @param again of a record that was redriven: where it was found first, and why not all of it was read */
  async add(input: string, bad: QuarantinedRecord, again: RedrivenFacts = {}): Promise<void> {
    if (!this.#file) {
      const object = await HashedObject.create(this.#storage, this.#key);
      this.#file = { object, text: new ZstdTextWriter(TEXT_LEVEL, object) };
    }
    this.#reasons.set(bad.reason, (this.#reasons.get(bad.reason) ?? 0) + 1);
    await this.#file.text.write(`${JSON.stringify(quarantineLineOf(input, this.#unit, bad, again))}\n`);
  }

  async finish(): Promise<{ object: HashedObject; fact: NonNullable<Receipt['quarantine']> } | undefined> {
    if (!this.#file) return undefined;
    const { object, text } = this.#file;
    await text.finish();
    const reasons = [...this.#reasons]
      .map(([reason, records]) => ({ reason, records }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1));
    return { object, fact: { key: this.#key, bytes: object.bytes, sha256: await object.end(), reasons } };
  }

  async abort(): Promise<void> {
    await this.#file?.object.pending.abort();
  }
}

function quarantineLineOf(
  input: string,
  unit: number,
  bad: QuarantinedRecord,
  { first, unread }: RedrivenFacts,
): QuarantineLine {
  const raw = Buffer.from(bad.raw.buffer, bad.raw.byteOffset, bad.raw.byteLength);
  return {
    input,
    offset: bad.offset,
    unit,
    lineInUnit: bad.line,
    reason: bad.reason,
    detail: bad.detail,
    ...(isUtf8(raw) ? { raw: raw.toString('utf8') } : { rawBase64: raw.toString('base64') }),
    rawLength: bad.rawLength,
    sha256: bad.sha256,
    ...(first && { first }),
    ...(unread && { unread }),
  };
}
