import type { Variables } from './containers/child-environment.ts';
import type { Image } from './containers/container.ts';
import { startContainers, type RunningContainer } from './containers/containers.ts';
import type { FaultKind, FaultPlan } from './faults/fault-plan.ts';
import { motoGaps } from './moto-gaps/moto-gaps.ts';
import { startMoto } from './moto/moto.ts';
import { startProxy } from './proxy/proxy.ts';
import { TEST_CREDENTIALS } from './test-credentials.ts';

export interface AwsOptions {
  /** Image name → what stands for it. */
  readonly images: Readonly<Record<string, Image>>;
  /** Caps the attempts of a job; its own retry strategy decides below that. Default 10, Batch's own limit. */
  readonly attempts?: number;
  /** Processes at once; default 2. */
  readonly parallel?: number;
  /** From SIGTERM to SIGKILL; default 30, as on Fargate. */
  readonly graceSeconds?: number;
  /** What {@link Aws.endpoint} does to requests; nothing by default. */
  readonly faults?: FaultPlan;
  /** Whether Batch has CancelJobs and TerminateJobs; default true. */
  readonly bulk?: boolean;
  /** How many looks (DescribeJobs, ListJobs) at each new job do not see it, as may happen on AWS; default 0. */
  readonly unseenLooks?: number;
  /** Further variables of every container. */
  readonly environment?: Variables;
}

/** S3, Batch and what belongs to them on this machine, with containers that are processes, or those of a Docker engine. */
export interface Aws {
  /** Answers as AWS does, with the faults asked for. */
  readonly endpoint: string;
  /** Answers as AWS does, without faults: for preparing and for looking. */
  readonly steadyEndpoint: string;
  /** Moto itself. What is submitted or uploaded here the others do not know. */
  readonly motoUrl: string;
  /** What a client needs, and what every container gets: endpoint, region, credentials. */
  readonly environment: Variables;
  /** Plays a Spot interruption of the job's attempt that runs; resolves when it has ended. */
  reclaim(jobId: string): Promise<void>;
  /** Kills the job's attempt that runs. */
  kill(jobId: string): void;
  running(): RunningContainer[];
  /** Faults that {@link endpoint} did, by kind. */
  faultCounts(): Record<FaultKind, number>;
  /** Requests that came to {@link endpoint}. */
  requests(): number;
  /** Ends everything, containers included; resolves when all processes are gone. */
  stop(): Promise<void>;
}

export async function startAws(options: AwsOptions): Promise<Aws> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = stops.pop(); last; last = stops.pop()) await last();
  };
  try {
    return { ...(await startParts(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The parts from back to front; each puts how to stop it on the stack. */
async function startParts(options: AwsOptions, stops: (() => Promise<void>)[]): Promise<Omit<Aws, 'stop'>> {
  const { images, attempts = 10, parallel = 2, graceSeconds = 30, faults } = options;
  const { bulk = true, unseenLooks = 0 } = options;
  // The endpoint is only known at the end: before the first container, but after the containers' socket.
  const environment = { ...options.environment, ...TEST_CREDENTIALS, AWS_ENDPOINT_URL: '' };
  const containers = await startContainers({ images, attempts, parallel, graceSeconds, environment });
  stops.push(() => containers.stop());
  const moto = await startMoto({ dockerSocket: containers.socket });
  stops.push(() => moto.stop());
  const steady = await startProxy({ target: moto.url, rewrite: motoGaps({ containers, bulk, unseenLooks }) });
  stops.push(() => steady.stop());
  const front = await startProxy({ target: steady.url, ...(faults && { faults }) });
  stops.push(() => front.stop());
  environment.AWS_ENDPOINT_URL = front.url;
  return {
    endpoint: front.url,
    steadyEndpoint: steady.url,
    motoUrl: moto.url,
    environment,
    reclaim: (jobId) => containers.reclaim(jobId),
    kill: (jobId) => containers.kill(jobId),
    running: () => containers.running(),
    faultCounts: () => front.counts(),
    requests: () => front.requests(),
  };
}
