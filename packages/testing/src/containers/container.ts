import { randomBytes } from 'node:crypto';
import type { Guardian } from '../guardian.ts';
import { startAttempt, type AttemptRecord, type RunningAttempt } from './attempt.ts';
import { childEnvironment, parseVariables, type Variables } from './child-environment.ts';
import { parseContainerName, type ContainerName } from './container-name.ts';
import { startProcess, type ContainerProcess } from './container-process.ts';
import { startDockerContainer } from './docker-container.ts';
import { parseSettings, SETTINGS_VARIABLE, type JobSettings } from './job-settings.ts';
import type { LogLine } from './log.ts';
import type { Places } from './places.ts';
import { retries } from './retry-strategy.ts';

/** What stands for a container image on this machine: a process, or an image of its Docker engine. */
export type Image = ProcessImage | DockerImage;

interface ProcessImage {
  /** The image's entry point; a job's command is appended. */
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Variables;
}

interface DockerImage {
  /** Its name; `docker` must be on the PATH. */
  readonly docker: string;
}

/** What of Docker's request to create a container matters here. */
export interface ContainerSpec {
  readonly Image: string;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
}

/** What all containers share. */
export interface ContainerSurroundings {
  readonly images: Readonly<Record<string, Image>>;
  /** What a process needs to run at all. */
  readonly base: Variables;
  readonly environment: Variables;
  /** Holds for jobs that tell no settings of their own. */
  readonly settings: JobSettings;
  /** Caps the attempts of every job. */
  readonly attempts: number;
  readonly graceSeconds: number;
  readonly places: Places;
  readonly guardian: Pick<Guardian, 'watch' | 'release'>;
}

/**
 * A container as moto sees it: one, from its start to its end. Behind it run the attempts that Batch would make.
 *
 * `created` until it is started; `waiting` for a place, before the first attempt and before each further one;
 * `running`; `ended` after the last attempt, or when it was withdrawn while it waited.
 */
export class Container {
  readonly id = randomBytes(32).toString('hex');
  readonly name: ContainerName;
  readonly spec: ContainerSpec;
  readonly attempts: AttemptRecord[] = [];
  readonly log: LogLine[] = [];
  /** Resolves at the state `ended`. */
  readonly ended: Promise<void>;
  state: 'created' | 'waiting' | 'running' | 'ended' = 'created';
  current: RunningAttempt | undefined;
  readonly #surroundings: ContainerSurroundings;
  readonly #variables: Variables;
  readonly #settings: JobSettings;
  readonly #withdrawn = new AbortController();
  #end = (): void => undefined;

  constructor(name: string, spec: ContainerSpec, surroundings: ContainerSurroundings) {
    this.name = parseContainerName(name);
    this.spec = spec;
    this.#surroundings = surroundings;
    this.#variables = parseVariables(spec.Env ?? []);
    this.#settings = parseSettings(this.#variables[SETTINGS_VARIABLE]) ?? surroundings.settings;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Runs it to its end, attempt by attempt. */
  async run(): Promise<void> {
    const { places } = this.#surroundings;
    do {
      this.state = 'waiting';
      if (!(await places.take(this.#withdrawn.signal))) break;
      // It may have been withdrawn after the place was given and before this line.
      if (!this.#withdrawn.signal.aborted) await this.#runAttempt();
      places.leave();
    } while (this.#triesAgain());
    this.state = 'ended';
    this.#end();
  }

  /** No attempt follows: one that runs goes on, a container that waits ends without. */
  withdraw(): void {
    this.#withdrawn.abort();
  }

  /** Ends it for good: SIGTERM, then SIGKILL. */
  stop(graceSeconds = this.#surroundings.graceSeconds): void {
    this.withdraw();
    this.current?.interrupt('stopped', graceSeconds);
  }

  /** What moto is told. */
  get exitCode(): number {
    return exitCodeOf(this.attempts.at(-1));
  }

  async #runAttempt(): Promise<void> {
    this.state = 'running';
    this.current = this.#startAttempt();
    this.attempts.push(await this.current.ended);
    this.current = undefined;
  }

  #startAttempt(): RunningAttempt {
    const { images, graceSeconds } = this.#surroundings;
    const image = images[this.spec.Image];
    const attempt = this.attempts.length + 1;
    return startAttempt({
      attempt,
      start: image && ((tell) => this.#start(image, attempt, tell)),
      imageName: this.spec.Image,
      timeoutSeconds: this.#settings.attemptSeconds,
      graceSeconds,
      tell: (line) => this.log.push(line),
    });
  }

  #start(image: Image, attempt: number, tell: (line: LogLine) => void): ContainerProcess {
    const { guardian, base, environment } = this.#surroundings;
    const words = this.spec.Cmd ?? [];
    const withLayers = (...layers: Variables[]): Record<string, string> =>
      childEnvironment({
        ...{ name: this.name, settings: this.#settings, attempt },
        layers: [...layers, environment, this.#variables],
      });
    return 'docker' in image
      ? startDockerContainer({ guardian, image: image.docker, words, environment: withLayers(), tell })
      : startProcess({
          ...{ guardian, argv: [...image.argv, ...words], cwd: image.cwd },
          ...{ environment: withLayers(base, image.env ?? {}), tell },
        });
  }

  #triesAgain(): boolean {
    const last = this.attempts.at(-1);
    if (last === undefined || last.interruption === 'timed-out') return false;
    const { attempts = 1, ...rules } = this.#settings.retryStrategy;
    const strategy = { ...rules, attempts: Math.min(attempts, this.#surroundings.attempts) };
    return retries(strategy, last, last.attempt);
  }
}

/** 128 + SIGKILL. */
const KILLED = 137;

/** Where no attempt gave a code, that of a process that was killed; also for 0 after its time was up, which is a failure. */
export function exitCodeOf(last: Pick<AttemptRecord, 'exitCode' | 'interruption'> | undefined): number {
  const code = last?.exitCode ?? KILLED;
  return code === 0 && last?.interruption === 'timed-out' ? KILLED : code;
}
