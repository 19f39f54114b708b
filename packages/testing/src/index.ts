// Real servers for tests, on the loopback only. Most tests want startAws and prepareBatch; the parts stand for themselves.

export { startAws, type Aws, type AwsOptions } from './aws.ts';
export { prepareBatch, type PreparedBatch, type PrepareBatchOptions } from './prepare-batch.ts';
export { TEST_CREDENTIALS } from './test-credentials.ts';

export { startMoto, type Moto } from './moto/moto.ts';
export type { MotoOptions } from './moto/environment.ts';

export { startContainers, type Containers, type ContainersOptions } from './containers/containers.ts';
export type { ContainerRecord, RunningContainer } from './containers/containers.ts';
export type { Image } from './containers/container.ts';
export { CONTAINER_LABEL } from './containers/docker-container.ts';
export type { AttemptRecord, Interruption } from './containers/attempt.ts';

export { startProxy, type ProxyOptions, type ReverseProxy } from './proxy/proxy.ts';
export type { RequestFacts } from './proxy/request-facts.ts';
export type { Rewrite } from './proxy/rewrite.ts';
export { FAULT_KINDS, type FaultKind, type FaultPlan } from './faults/fault-plan.ts';

export { motoGaps } from './moto-gaps/moto-gaps.ts';
