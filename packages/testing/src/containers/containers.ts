import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGuardian } from '../guardian.ts';
import type { AttemptRecord, RunningAttempt } from './attempt.ts';
import type { Variables } from './child-environment.ts';
import { Container, type Image } from './container.ts';
import { dockerApi } from './docker-api.ts';
import { Places } from './places.ts';
import { RETRY_INTERRUPTED } from './retry-strategy.ts';

export interface ContainersOptions {
  /** Image name → what to run for it. Every other image cannot be pulled. */
  readonly images: Readonly<Record<string, Image>>;
  /** Attempts a job gets at most, whatever its own retry strategy says. */
  readonly attempts: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
  /** Processes at once; the others wait. */
  readonly parallel: number;
  /** What every process gets: where the services are, and test credentials. A job's own variables override it. */
  readonly environment: Variables;
}

export interface RunningContainer {
  readonly jobId: string;
  readonly attempt: number;
  readonly pid: number;
}

/** What is known of the container of a job. */
export interface ContainerRecord {
  readonly state: 'waiting' | 'running' | 'ended';
  /** Those that have ended. */
  readonly attempts: readonly AttemptRecord[];
  /** Of the attempt that runs. */
  readonly startedAt: number | undefined;
}

/** Containers, most often processes of this machine, behind a Docker Engine API for moto. */
export interface Containers {
  /** Path of the unix socket. */
  readonly socket: string;
  /**
   * Plays a Spot interruption. Resolves when the attempt that runs has ended; another one follows, as Batch's retry
   * strategy says.
   *
   * @throws Error where the job has no attempt that runs.
   */
  reclaim(jobId: string): Promise<void>;
  /**
   * Kills the attempt of the job that runs, as a system does that is out of memory.
   *
   * @throws Error where the job has no attempt that runs.
   */
  kill(jobId: string): void;
  /**
   * Withdraws a job that has not started: it waits for a place, or moto has not yet created its container. False where
   * it runs or has ended: then nothing was done.
   */
  cancel(jobId: string): boolean;
  running(): RunningContainer[];
  /** Kept after the end of the container; undefined where moto has created none yet. */
  record(jobId: string): ContainerRecord | undefined;
  /** Kills what runs, with all descendants, and closes the socket. */
  stop(): Promise<void>;
}

export async function startContainers(options: ContainersOptions): Promise<Containers> {
  // A short path: that of a socket is limited to about 100 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'winnow-'));
  const socket = join(folder, 'docker.sock');
  const byId = new Map<string, Container>();
  const byJob = new Map<string, Container>();
  const canceledAhead = new Set<string>();
  const guardian = startGuardian();
  const surroundings = {
    ...options,
    // A home of their own: nothing of the user's configuration may reach them.
    base: { PATH: process.env['PATH'] ?? '', HOME: folder },
    settings: {
      jobQueue: 'winnow-testing',
      computeEnvironment: 'winnow-testing',
      retryStrategy: { attempts: options.attempts, evaluateOnExit: RETRY_INTERRUPTED },
    },
    places: new Places(options.parallel),
    guardian,
  };
  const server = dockerApi({
    create: (name, spec) => {
      const container = new Container(name, spec, surroundings);
      byId.set(container.id, container);
      byJob.set(container.name.jobId, container);
      if (canceledAhead.has(container.name.jobId)) container.withdraw();
      return container;
    },
    find: (id) => byId.get(id),
    remove: (id) => byId.delete(id),
  });
  server.listen(socket);
  await once(server, 'listening');

  return {
    socket,
    reclaim: async (jobId) => {
      const attempt = attemptOf(byJob.get(jobId), jobId);
      attempt.interrupt('reclaimed', options.graceSeconds);
      await attempt.ended;
    },
    kill: (jobId) => attemptOf(byJob.get(jobId), jobId).kill(),
    cancel: (jobId) => {
      const container = byJob.get(jobId);
      if (!container) canceledAhead.add(jobId);
      else if (container.state === 'created' || container.state === 'waiting') container.withdraw();
      else return false;
      return true;
    },
    running: () => [...byJob.values()].flatMap(runningContainer),
    record: (jobId) => recordOf(byJob.get(jobId)),
    stop: async () => {
      for (const container of byJob.values()) container.stop(0);
      const started = [...byJob.values()].filter(({ state }) => state !== 'created');
      await Promise.all(started.map(({ ended }) => ended));
      await guardian.stop();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function attemptOf(container: Container | undefined, jobId: string): RunningAttempt {
  const attempt = container?.current;
  if (!attempt) throw new Error(`job ${jobId} has no attempt that runs: there is nothing to end`);
  return attempt;
}

function runningContainer({ name, current }: Container): RunningContainer[] {
  return current?.pid === undefined
    ? []
    : [{ jobId: name.jobId, attempt: current.attempt, pid: current.pid }];
}

function recordOf(container: Container | undefined): ContainerRecord | undefined {
  if (!container) return undefined;
  const { state, attempts, current } = container;
  return {
    state: state === 'created' ? 'waiting' : state,
    attempts,
    startedAt: current?.startedAt,
  };
}
