const LF = 10;

/** Measures the longest line of a text that comes in chunks, lines that lie wholly inside a chunk left out. */
export class LongestLine {
  #open = 0;
  #longest = 0;

  /** Of the lines that span chunks, the one without its end included. */
  get bytes(): number {
    return Math.max(this.#longest, this.#open);
  }

  add(chunk: Uint8Array): void {
    const first = chunk.indexOf(LF);
    if (first < 0) {
      this.#open += chunk.length;
      return;
    }
    this.#longest = Math.max(this.#longest, this.#open + first);
    this.#open = chunk.length - 1 - chunk.lastIndexOf(LF);
  }

  /** The input ends; what follows is another line. */
  end(): void {
    this.#longest = this.bytes;
    this.#open = 0;
  }
}
