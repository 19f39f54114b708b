/** Names that are sorted at once; more of them are packed. */
const RUN_NAMES = 1 << 14;
/** Stands in no file name. */
const NUL = '\0';

/** The next name of a run that is not taken yet. */
interface Head {
  readonly name: string;
  readonly run: Buffer;
  /** Where the name after it begins. */
  readonly next: number;
}

interface SortOptions {
  /** How many names make a run; for tests. */
  readonly runNames?: number;
  /** A character that no name has; default NUL. */
  readonly separator?: string;
}

/**
 * The names of a folder, or the keys of a list (byte strings), in byte order, as often as they are asked for. There may
 * be millions: they are kept as sorted runs, packed to a byte a character outside of JavaScript's heap, and merged while
 * they are taken.
 */
export class SortedNames implements Iterable<string> {
  readonly #runNames: number;
  readonly #separator: string;
  readonly #runs: Buffer[] = [];
  #open: string[] = [];

  constructor({ runNames = RUN_NAMES, separator = NUL }: SortOptions = {}) {
    this.#runNames = runNames;
    this.#separator = separator;
  }

  add(name: string): void {
    this.#open.push(name);
    if (this.#open.length === this.#runNames) this.#pack();
  }

  /** To be called after the last name. */
  *[Symbol.iterator](): Generator<string> {
    if (this.#runs.length === 0) {
      yield* this.#open.sort();
      return;
    }
    this.#pack();
    yield* merge(this.#runs, this.#separator);
  }

  #pack(): void {
    if (this.#open.length === 0) return;
    const text = this.#open.sort().join(this.#separator) + this.#separator;
    this.#runs.push(Buffer.from(text, 'latin1'));
    this.#open = [];
  }
}

function* merge(runs: readonly Buffer[], separator: string): Generator<string> {
  const heap = runs
    .flatMap((run) => headAt(run, 0, separator) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    yield least.name;
    // The run goes on in the same place; one that has ended makes room for the last head.
    const head = headAt(least.run, least.next, separator) ?? heap.pop();
    if (head !== undefined && heap.length > 0) sink(heap, head);
  }
}

function headAt(run: Buffer, at: number, separator: string): Head | undefined {
  const end = run.indexOf(separator, at, 'latin1');
  return end < 0 ? undefined : { name: run.toString('latin1', at, end), run, next: end + 1 };
}

/** Puts `head` to the top of a binary heap, then down to its place. */
function sink(heap: Head[], head: Head): void {
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const isRight = right !== undefined && left !== undefined && right.name < left.name;
    const child = isRight ? right : left;
    if (child === undefined || head.name <= child.name) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = head;
}
