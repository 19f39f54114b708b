import type { Storage } from '../storage/storage.ts';
import { REPORT_LIST_ENTRIES } from '../shapes/report.ts';
import type { RunKeys } from '../run-keys.ts';
import type { TextCodec, TextWriter } from './text-codec.ts';

/**
 * A list of the report: the first {@link REPORT_LIST_ENTRIES} stand in it, the rest in `<name>.ndjson.zst` beside it.
 * Memory: those entries, and the rest compressed.
 */
export class ReportList<T> {
  readonly entries: T[] = [];
  readonly #name: string;
  readonly #codec: TextCodec;
  readonly #rest: Uint8Array[] = [];
  #writer: TextWriter | undefined;

  constructor(name: string, codec: TextCodec) {
    this.#name = name;
    this.#codec = codec;
  }

  async add(entry: T): Promise<void> {
    if (this.entries.length < REPORT_LIST_ENTRIES) {
      this.entries.push(entry);
      return;
    }
    this.#writer ??= this.#codec.writer({
      write: (bytes) => {
        this.#rest.push(Uint8Array.from(bytes));
        return Promise.resolve();
      },
    });
    await this.#writer.write(`${JSON.stringify(entry)}\n`);
  }

  /** Writes the rest, or removes what an earlier, longer report left. */
  async writeRest(storage: Storage, keys: RunKeys): Promise<void> {
    const key = keys.list(this.#name);
    if (this.#writer === undefined) return storage.remove(key);
    await this.#writer.finish();
    await storage.replace(key, Buffer.concat(this.#rest));
  }
}
