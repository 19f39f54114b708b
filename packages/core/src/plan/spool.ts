import { open, type FileHandle } from 'node:fs/promises';

const BUFFER_BYTES = 1 << 20;
const LINE_FEED = 10;
/** UTF-8 bytes that a UTF-16 unit takes at most. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Lines on this machine's disk, for what would not fit into memory: written once, then read as often as needed. Works
 * on one buffer either way: a string or a buffer for each of millions of lines would cost more than the rest of a plan.
 */
export class Spool {
  readonly #path: string;
  #file: FileHandle | undefined;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #used = 0;
  #lines = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx'));
  }

  get lines(): number {
    return this.#lines;
  }

  async append(line: string): Promise<void> {
    this.#lines++;
    const most = line.length * MOST_BYTES_A_UNIT + 1;
    if (this.#used + most > BUFFER_BYTES) await this.#flush();
    if (most > BUFFER_BYTES) {
      await this.#write(Buffer.from(`${line}\n`));
      return;
    }
    this.#used += this.#buffer.write(line, this.#used);
    this.#buffer[this.#used++] = LINE_FEED;
  }

  /** Nothing can be appended afterwards. Harmless when repeated. */
  async end(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    try {
      await this.#flush();
    } finally {
      this.#file = undefined;
      await file.close();
    }
  }

  /** The lines as bytes, without their line feeds: each is good until the next is asked for. */
  async *read(): AsyncGenerator<Buffer> {
    const file = await open(this.#path, 'r');
    try {
      yield* linesOf(file);
    } finally {
      await file.close();
    }
  }

  async #flush(): Promise<void> {
    await this.#write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += (await this.#file?.write(bytes, at))?.bytesWritten ?? bytes.length;
    }
  }
}

async function* linesOf(file: FileHandle): AsyncGenerator<Buffer> {
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let used = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, used, buffer.length - used);
    if (bytesRead === 0) return;
    const seen = used;
    used += bytesRead;
    let start = 0;
    const bytes = buffer.subarray(0, used);
    for (let end = bytes.indexOf(LINE_FEED, seen); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    // The begun line goes to the front, or on in a larger buffer.
    const larger = start === 0 && used === buffer.length ? Buffer.allocUnsafeSlow(used * 2) : buffer;
    buffer.copy(larger, 0, start, used);
    buffer = larger;
    used -= start;
  }
}
