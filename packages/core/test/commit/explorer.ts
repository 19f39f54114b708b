import { hash } from 'node:crypto';
import { MemoryContents, MemoryStorage } from '../storage/memory-storage.ts';
import type { MemoryObject, Stepper } from '../storage/memory-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** A process of a scenario: real protocol code over a storage whose every operation is one step. */
export interface Actor {
  readonly name: string;
  /** Only starts when this holds. `ended(i)`: actor i has come to its end or was killed. */
  readonly starts?: (contents: MemoryContents, ended: (actor: number) => boolean) => boolean;
  readonly run: (storage: Storage, contents: MemoryContents) => Promise<void>;
}

/**
 * What to explore: all interleavings of the actors' steps. In each state everybody may be killed, and the same command
 * is run again until done. An actor killed alone is one that is never scheduled again while the others go on, so that
 * `kills` matter only to actors that start when another has ended.
 *
 * States that are alike (same objects stored, same answers heard by each living actor) are explored once.
 */
export interface Scenario {
  readonly prepare: (storage: Storage) => Promise<void>;
  readonly actors: readonly Actor[];
  /** Actors killed in one history, at most. Default 0. */
  readonly kills?: number;
  /** Switches away from an actor that could go on, at most; without it every interleaving is explored. */
  readonly switches?: number;
  /** Keys that, once there, must keep their bytes. */
  readonly isSealed: (key: string) => boolean;
  /** What is wrong with a state, at any moment. */
  readonly check: (contents: MemoryContents) => string | undefined;
  /** What is wrong after the same command has been run again until done. Works on a copy. */
  readonly settle: (contents: MemoryContents) => Promise<string | undefined>;
}

export interface Exploration {
  readonly states: number;
  /** Distinct contents from which the same command was run again until done. */
  readonly settled: number;
  /** The first thing found wrong, with the steps that lead to it. */
  readonly violation: string | undefined;
}

interface Move {
  readonly actor: number;
  readonly kill: boolean;
}

/** What a move comes to: the objects stored, and where its actor is. */
interface Outcome {
  readonly contents: string;
  readonly process: string;
}

/** One actor under way: waits at each step until the scheduler grants it. */
class Process implements Stepper {
  readonly actor: Actor;
  state: 'idle' | 'running' | 'ended' | 'killed' = 'idle';
  failure: unknown;
  /** Digest of all that it was told. What it does next follows from that. */
  heard = '';
  readonly #waiting: { key: string; label: string; grant: () => void }[] = [];
  #current = '';

  constructor(actor: Actor) {
    this.actor = actor;
  }

  start(contents: MemoryContents): void {
    this.state = 'running';
    this.actor.run(new MemoryStorage(contents, this), contents).then(
      () => (this.state = this.state === 'killed' ? 'killed' : 'ended'),
      (error: unknown) => {
        this.failure = error;
        this.state = 'ended';
      },
    );
  }

  step(operation: string, key: string): Promise<void> {
    return new Promise((resolve) =>
      this.#waiting.push({ key, label: `${operation} ${key}`, grant: resolve }),
    );
  }

  saw(result: string): void {
    this.heard = hash('sha1', `${this.heard}|${this.#current}|${result}`);
  }

  get atStep(): boolean {
    return this.state === 'running' && this.#waiting.length > 0;
  }

  /** The object of its next step. */
  get nextKey(): string {
    return this.#waiting[0]?.key ?? '';
  }

  /** All that its further steps follow from, besides the objects stored. One not started yet is at its beginning. */
  get position(): string {
    return this.state === 'ended' || this.state === 'killed' ? this.state : this.heard;
  }

  grant(): string {
    const next = this.#waiting.shift();
    if (next === undefined) throw new TypeError(`${this.actor.name} is not at a step`);
    this.#current = next.label;
    next.grant();
    return next.label;
  }
}

/** All that an actor does between two steps is microtasks, which come before the next immediate. */
const quiescence = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const digests = new WeakMap<MemoryObject, string>();

function digestOf(object: MemoryObject): string {
  let digest = digests.get(object);
  if (digest === undefined) digests.set(object, (digest = hash('sha1', object.bytes)));
  return digest;
}

const contentsKey = (contents: MemoryContents): string =>
  hash(
    'sha1',
    [...contents.objects]
      .map(([key, object]) => `${key}=${digestOf(object)}`)
      .sort()
      .join(),
  );

export function copyOf(contents: MemoryContents): MemoryContents {
  const copy = new MemoryContents();
  for (const [key, { bytes }] of contents.objects) copy.put(key, bytes);
  return copy;
}

/** Depth first; each history is played anew from the start, for processes cannot be copied. */
export async function explore(scenario: Scenario): Promise<Exploration> {
  const prepared = new MemoryContents();
  await scenario.prepare(new MemoryStorage(prepared));
  const search = new Search(scenario, prepared);
  while (search.violation === undefined) {
    const prefix = search.open.pop();
    if (prefix === undefined) break;
    await search.play(prefix);
  }
  return { states: search.seen.size, settled: search.settled.size, violation: search.violation };
}

class Search {
  readonly open: Move[][] = [[]];
  readonly seen = new Set<string>();
  violation: string | undefined;
  readonly #scenario: Scenario;
  readonly #prepared: MemoryContents;
  readonly #checked = new Set<string>();
  readonly settled = new Set<string>();
  readonly #transitions = new Map<string, Outcome>();

  constructor(scenario: Scenario, prepared: MemoryContents) {
    this.#scenario = scenario;
    this.#prepared = prepared;
  }

  async play(prefix: readonly Move[]): Promise<void> {
    const history = new History(this.#scenario, copyOf(this.#prepared));
    await history.begin();
    for (const move of prefix.slice(0, -1)) await history.make(move);
    const last = prefix.at(-1);
    if (last !== undefined) {
      if (this.#leadsToSeen(history, last)) return;
      await this.#make(history, last);
    }
    for (;;) {
      const fault = history.fault() ?? this.#check(history.contents);
      if (fault !== undefined) {
        this.#report(fault, history);
        return;
      }
      const key = history.key();
      if (this.seen.has(key)) return;
      this.seen.add(key);
      const [first, ...others] = history.moves();
      await this.#settle(history);
      for (const other of others)
        if (!this.#leadsToSeen(history, other)) this.open.push([...history.made, other]);
      if (first === undefined || this.violation !== undefined) return;
      await this.#make(history, first);
    }
  }

  /** Makes a move and keeps what it came to: the same step from a like state need not be played again to know. */
  async #make(history: History, move: Move): Promise<void> {
    const before = history.transition(move);
    await history.make(move);
    this.#transitions.set(before, history.outcome(move));
  }

  #leadsToSeen(history: History, move: Move): boolean {
    const outcome = move.kill ? history.killed() : this.#transitions.get(history.transition(move));
    return outcome !== undefined && this.seen.has(history.keyAfter(move, outcome));
  }

  #check(contents: MemoryContents): string | undefined {
    const key = contentsKey(contents);
    if (this.#checked.has(key)) return undefined;
    this.#checked.add(key);
    return this.#scenario.check(contents);
  }

  async #settle(history: History): Promise<void> {
    const key = contentsKey(history.contents);
    if (this.settled.has(key)) return;
    this.settled.add(key);
    const fault = await this.#scenario
      .settle(copyOf(history.contents))
      .catch((error: unknown) => String(error));
    if (fault !== undefined) this.#report(`after the same command again: ${fault}`, history);
  }

  #report(fault: string, history: History): void {
    this.violation = `${fault}\n${history.log.join('\n')}`;
  }
}

/** One run of the scenario under a given schedule. */
class History {
  readonly contents: MemoryContents;
  readonly made: Move[] = [];
  readonly log: string[] = [];
  readonly #scenario: Scenario;
  readonly #processes: Process[];
  #broken: string | undefined;
  #kills = 0;
  #switches = 0;
  #latest = 0;

  constructor(scenario: Scenario, contents: MemoryContents) {
    this.#scenario = scenario;
    this.contents = contents;
    this.#processes = scenario.actors.map((actor) => new Process(actor));
  }

  async begin(): Promise<void> {
    for (const process of this.#processes)
      if (process.state === 'idle' && this.#mayStart(process)) process.start(this.contents);
    await quiescence();
  }

  async make(move: Move): Promise<void> {
    const process = this.#process(move.actor);
    this.made.push(move);
    if (move.kill) {
      process.state = 'killed';
      this.#kills++;
      this.log.push(`${process.actor.name}: killed`);
    } else {
      if (this.#isSwitch(move.actor)) this.#switches++;
      this.#latest = move.actor;
      const key = process.nextKey;
      const before = this.contents.objects.get(key);
      this.log.push(`${process.actor.name}: ${process.grant()}`);
      await quiescence();
      if (before !== undefined && this.#scenario.isSealed(key) && this.contents.objects.get(key) !== before)
        this.#broken = `${key} was changed or removed`;
    }
    await this.begin();
  }

  /** First the latest actor's next step, then the others', then the kills. */
  moves(): Move[] {
    const atStep = this.#processes.map((_, actor) => actor).filter((actor) => this.#process(actor).atStep);
    const steps = atStep
      .sort((a, b) => Number(b === this.#latest) - Number(a === this.#latest))
      .filter((actor) => !this.#isSwitch(actor) || this.#switches < (this.#scenario.switches ?? Infinity));
    const kills = this.#kills < (this.#scenario.kills ?? 0) ? atStep : [];
    return [
      ...steps.map((actor) => ({ actor, kill: false })),
      ...kills.map((actor) => ({ actor, kill: true })),
    ];
  }

  /** What must be alike for two histories to go on alike. */
  key(): string {
    return this.#keyOf(
      contentsKey(this.contents),
      this.#positions(),
      this.#kills,
      this.#switches,
      this.#latest,
    );
  }

  /** The key after a move whose outcome is known. */
  keyAfter({ actor, kill }: Move, { contents, process }: Outcome): string {
    const positions = this.#positions();
    positions[actor] = process;
    const switches = this.#switches + Number(!kill && this.#isSwitch(actor));
    return this.#keyOf(
      contents,
      positions,
      this.#kills + Number(kill),
      switches,
      kill ? this.#latest : actor,
    );
  }

  /** What the outcome of a move follows from. */
  transition({ actor, kill }: Move): string {
    return [actor, kill, contentsKey(this.contents), this.#process(actor).position].join();
  }

  outcome({ actor }: Move): Outcome {
    return { contents: contentsKey(this.contents), process: this.#process(actor).position };
  }

  killed(): Outcome {
    return { contents: contentsKey(this.contents), process: 'killed' };
  }

  fault(): string | undefined {
    const failed = this.#processes.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) return `${failed.actor.name} failed: ${String(failed.failure)}`;
    return this.#broken;
  }

  #positions(): string[] {
    return this.#processes.map(({ position }) => position);
  }

  #keyOf(
    contents: string,
    positions: readonly string[],
    kills: number,
    switches: number,
    latest: number,
  ): string {
    const bounds = this.#scenario.switches === undefined ? [kills] : [kills, switches, latest];
    return [contents, ...positions, ...bounds].join();
  }

  #mayStart({ actor }: Process): boolean {
    const ended = (index: number): boolean => ['ended', 'killed'].includes(this.#process(index).state);
    return actor.starts?.(this.contents, ended) ?? true;
  }

  #isSwitch(actor: number): boolean {
    return actor !== this.#latest && this.#process(this.#latest).atStep;
  }

  #process(actor: number): Process {
    const process = this.#processes[actor];
    if (process === undefined) throw new RangeError(`no actor ${actor}`);
    return process;
  }
}
