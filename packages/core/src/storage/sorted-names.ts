/** Names that are sorted at once; more of them are packed. */
const RUN_NAMES = 1 << 14;
/** Stands in no file name. */
const SEPARATOR = '\0';

/** The next name of a run that is not taken yet. */
interface Head {
  readonly name: string;
  readonly run: Buffer;
  /** Where the name after it begins. */
  readonly next: number;
}

/**
 * The names of a folder (byte strings) in byte order. A folder may hold millions: they are kept as sorted runs, packed
 * to a byte a character outside of JavaScript's heap, and merged while they are taken.
 */
export class SortedNames implements Iterable<string> {
  readonly #runNames: number;
  readonly #runs: Buffer[] = [];
  #open: string[] = [];

  /** @param runNames how many names make a run; for tests */
  constructor(runNames: number = RUN_NAMES) {
    this.#runNames = runNames;
  }

  add(name: string): void {
    this.#open.push(name);
    if (this.#open.length === this.#runNames) this.#pack();
  }

  /** To be called once, after the last name. */
  *[Symbol.iterator](): Generator<string> {
    if (this.#runs.length === 0) {
      yield* this.#open.sort();
      return;
    }
    this.#pack();
    yield* merge(this.#runs);
  }

  #pack(): void {
    if (this.#open.length === 0) return;
    const text = this.#open.sort().join(SEPARATOR) + SEPARATOR;
    this.#runs.push(Buffer.from(text, 'latin1'));
    this.#open = [];
  }
}

function* merge(runs: readonly Buffer[]): Generator<string> {
  const heap = runs.flatMap((run) => headAt(run, 0) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    yield least.name;
    // The run goes on in the same place; one that has ended makes room for the last head.
    const head = headAt(least.run, least.next) ?? heap.pop();
    if (head !== undefined && heap.length > 0) sink(heap, head);
  }
}

function headAt(run: Buffer, at: number): Head | undefined {
  const end = run.indexOf(0, at);
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
