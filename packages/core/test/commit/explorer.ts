import { hash } from 'node:crypto';
import { MemoryContents, MemoryStorage } from '../storage/memory-storage.ts';
import type { MemoryObject, Stepper } from '../storage/memory-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** A process of a scenario: real protocol code over a storage whose every operation is one step. */
export interface Actor {
  readonly name: string;
  /** Only starts when this holds. `ended(i)`: actor i has come to its end or was killed. */
  readonly starts?: (contents: MemoryContents, ended: (actor: number) => boolean) => boolean;
  readonly run: (storage: Storage) => Promise<void>;
}

/**
 * What to explore: all interleavings of the actors' steps, with any actor killed before any of its steps.
 *
 * States that are alike (same objects stored, same answers heard by each living actor) are explored once.
 */
export interface Scenario {
  readonly prepare: (storage: Storage) => Promise<void>;
  readonly actors: readonly Actor[];
  /** Actors killed in one history, at most. */
  readonly kills: number;
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
  /** Histories that came to an end, each followed by the same command again. */
  readonly endings: number;
  /** The first thing found wrong, with the steps that lead to it. */
  readonly violation: string | undefined;
}

interface Move {
  readonly actor: number;
  readonly kill: boolean;
}

/** One actor under way: waits at each step until the scheduler grants it. */
class Process implements Stepper {
  readonly actor: Actor;
  state: 'idle' | 'running' | 'ended' | 'killed' = 'idle';
  failure: unknown;
  /** Digest of all that it was told. What it does next follows from that. */
  heard = '';
  readonly #waiting: { label: string; grant: () => void }[] = [];
  #current = '';

  constructor(actor: Actor) {
    this.actor = actor;
  }

  start(contents: MemoryContents): void {
    this.state = 'running';
    this.actor.run(new MemoryStorage(contents, this)).then(
      () => (this.state = this.state === 'killed' ? 'killed' : 'ended'),
      (error: unknown) => {
        this.failure = error;
        this.state = 'ended';
      },
    );
  }

  step(operation: string, key: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ label: `${operation} ${key}`, grant: resolve }));
  }

  saw(result: string): void {
    this.heard = hash('sha1', `${this.heard}|${this.#current}|${result}`);
  }

  get atStep(): boolean {
    return this.state === 'running' && this.#waiting.length > 0;
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
  return { states: search.seen.size, endings: search.endings, violation: search.violation };
}

class Search {
  readonly open: Move[][] = [[]];
  readonly seen = new Set<string>();
  endings = 0;
  violation: string | undefined;
  readonly #scenario: Scenario;
  readonly #prepared: MemoryContents;
  readonly #checked = new Set<string>();
  readonly #settled = new Set<string>();

  constructor(scenario: Scenario, prepared: MemoryContents) {
    this.#scenario = scenario;
    this.#prepared = prepared;
  }

  async play(prefix: readonly Move[]): Promise<void> {
    const history = new History(this.#scenario, copyOf(this.#prepared));
    await history.begin();
    for (const move of prefix) await history.make(move);
    for (;;) {
      const fault = history.fault() ?? this.#check(history.contents);
      if (fault !== undefined) return this.#report(fault, history);
      const key = history.key();
      if (this.seen.has(key)) return;
      this.seen.add(key);
      const [first, ...others] = history.moves();
      for (const other of others) this.open.push([...history.made, other]);
      if (first === undefined || first.kill) await this.#end(history);
      if (first === undefined || this.violation !== undefined) return;
      await history.make(first);
    }
  }

  #check(contents: MemoryContents): string | undefined {
    const key = contentsKey(contents);
    if (this.#checked.has(key)) return undefined;
    this.#checked.add(key);
    return this.#scenario.check(contents);
  }

  async #end(history: History): Promise<void> {
    this.endings++;
    const key = contentsKey(history.contents);
    if (this.#settled.has(key)) return;
    this.#settled.add(key);
    const fault = await this.#scenario.settle(copyOf(history.contents));
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
  readonly #sealed = new Map<string, MemoryObject>();
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
      this.log.push(`${process.actor.name}: ${process.grant()}`);
      await quiescence();
    }
    await this.begin();
  }

  /** First the latest actor's next step, then the others', then the kills. */
  moves(): Move[] {
    const atStep = this.#processes.map((_, actor) => actor).filter((actor) => this.#process(actor).atStep);
    const steps = atStep
      .sort((a, b) => Number(b === this.#latest) - Number(a === this.#latest))
      .filter((actor) => !this.#isSwitch(actor) || this.#switches < (this.#scenario.switches ?? Infinity));
    const kills = this.#kills < this.#scenario.kills ? atStep : [];
    return [
      ...steps.map((actor) => ({ actor, kill: false })),
      ...kills.map((actor) => ({ actor, kill: true })),
    ];
  }

  /** What must be alike for two histories to go on alike. */
  key(): string {
    const processes = this.#processes.map(({ state, heard }) => (state === 'running' ? heard : state));
    const bounds =
      this.#scenario.switches === undefined ? [this.#kills] : [this.#kills, this.#switches, this.#latest];
    return [contentsKey(this.contents), ...processes, ...bounds].join();
  }

  fault(): string | undefined {
    const failed = this.#processes.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) return `${failed.actor.name} failed: ${String(failed.failure)}`;
    for (const [key, object] of this.#sealed)
      if (this.contents.objects.get(key) !== object) return `${key} was changed or removed`;
    for (const [key, object] of this.contents.objects)
      if (this.#scenario.isSealed(key)) this.#sealed.set(key, object);
    return undefined;
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
