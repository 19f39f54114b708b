/** Room for pages that are held ahead of their turn, shared by all folders of a listing: what bounds its memory. */
export class PageRoom {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(pages: number) {
    this.#free = pages;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

/**
 * Pages that are asked for ahead of their turn, as far as there is room. Whoever takes them never waits for room: with
 * none held, the next page is asked for without any. So folders whose turn is far off cannot hold up the first.
 */
export class PagesAhead<Page> {
  readonly #pages: AsyncGenerator<Page>;
  readonly #room: PageRoom;
  /** Asked for and not taken, the oldest first. */
  readonly #held: Promise<IteratorResult<Page>>[] = [];
  #begun = false;
  #ended = false;

  constructor(pages: AsyncGenerator<Page>, room: PageRoom) {
    this.#pages = pages;
    this.#room = room;
  }

  /** Begins to look ahead. Harmless when repeated. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    void this.#look();
  }

  async *take(): AsyncGenerator<Page> {
    try {
      for (;;) {
        const held = this.#held.shift();
        const step = await (held ?? this.#pages.next());
        if (held) this.#room.giveBack();
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      await this.end();
    }
  }

  /** Asks for no more. */
  async end(): Promise<void> {
    this.#ended = true;
    for (let held = this.#held.shift(); held; held = this.#held.shift()) {
      await held.catch(() => undefined);
      this.#room.giveBack();
    }
    await this.#pages.return(undefined);
  }

  async #look(): Promise<void> {
    while (!this.#ended) {
      await this.#room.take();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have ended while it waited
      if (this.#ended) {
        this.#room.giveBack();
        return;
      }
      const next = this.#pages.next();
      this.#held.push(next);
      // A failure is told when its turn comes.
      const step = await next.catch(() => undefined);
      if (step === undefined || step.done === true) return;
    }
  }
}
