import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const FLUSH_CHARS = 1 << 20;

/** Lines on this machine's disk, for what would not fit into memory: written once, then read as often as needed. */
export class Spool {
  readonly #path: string;
  #file: FileHandle | undefined;
  #pending: string[] = [];
  #pendingChars = 0;
  lines = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx'));
  }

  async append(line: string): Promise<void> {
    this.#pending.push(line, '\n');
    this.#pendingChars += line.length + 1;
    this.lines++;
    if (this.#pendingChars >= FLUSH_CHARS) await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingChars = 0;
    await this.#file?.write(text);
  }

  /** Nothing can be appended afterwards. Harmless when repeated. */
  async end(): Promise<void> {
    if (!this.#file) return;
    await this.#flush();
    await this.#file.close();
    this.#file = undefined;
  }

  async *read(): AsyncGenerator<string> {
    const stream = createReadStream(this.#path, { encoding: 'utf8', highWaterMark: FLUSH_CHARS });
    try {
      yield* createInterface({ input: stream, crlfDelay: Infinity });
    } finally {
      stream.destroy();
    }
  }
}
