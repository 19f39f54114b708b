import { TEXT_LEVEL, runKeys, zstdTextFrame, type Storage, type WorkerEvent } from '@winnow/core';

/** What is not written after so long is: of a process that is killed, no more than that is lost. */
const WRITE_EVERY_MS = 60_000;
/** Lines are compressed when so many bytes of them wait. */
const FRAME_BYTES = 256 << 10;

/** Which attempt a log is of. */
export interface AttemptName {
  readonly shard: number;
  readonly submission: number;
  readonly attempt: string;
}

/**
 * All that an attempt had to say, as `logs/<shard>/<submission>-<attempt>.ndjson.zst`: what goes to the service's own logs
 * is a few lines of it, for those are billed by the byte, and forgotten. A log that cannot be written is told on standard
 * error and changes nothing else.
 */
export class AttemptLog {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #now: () => Date;
  readonly #frames: Uint8Array[] = [];
  #lines: string[] = [];
  #bytes = 0;
  #writtenAt: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(storage: Storage, runId: string, name: AttemptName, now: () => Date) {
    this.#storage = storage;
    this.#key = runKeys(runId).log(name.shard, name.submission, name.attempt);
    this.#now = now;
    this.#writtenAt = now().getTime();
  }

  add(event: WorkerEvent): void {
    const line = `${JSON.stringify({ timestamp: this.#now().toISOString(), ...event })}\n`;
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes >= FRAME_BYTES) this.#compress();
    if (this.#now().getTime() - this.#writtenAt >= WRITE_EVERY_MS) this.#write();
  }

  /** To be called once, after the last event. */
  async end(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  #compress(): void {
    if (this.#lines.length === 0) return;
    this.#frames.push(zstdTextFrame(Buffer.from(this.#lines.join('')), TEXT_LEVEL));
    this.#lines = [];
    this.#bytes = 0;
  }

  #write(): void {
    this.#compress();
    this.#writtenAt = this.#now().getTime();
    const bytes = Buffer.concat(this.#frames);
    this.#writing = this.#writing
      .then(() => this.#storage.replace(this.#key, bytes))
      .catch((error: unknown) => {
        console.error(`winnow worker: log: ${error instanceof Error ? error.message : String(error)}`);
      });
  }
}
