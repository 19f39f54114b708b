import type { RegisterJobDefinitionRequest, SubmitJobRequest } from '@aws-sdk/client-batch';

/** What AWS keeps of requests and moto forgets. */
export interface GapMemory {
  /** By ARN, oldest first. */
  readonly definitions: Map<string, JobDefinition>;
  /** Plain jobs and array parents by id, oldest first. */
  readonly jobs: Map<string, SubmittedJob>;
  /** Requests that were accepted to end a job, by its id. The first one stands. */
  readonly endings: Map<string, RequestedEnding>;
}

export interface JobDefinition {
  readonly arn: string;
  readonly name: string;
  readonly revision: number;
  readonly request: RegisterJobDefinitionRequest;
  active: boolean;
}

export interface SubmittedJob {
  readonly request: SubmitJobRequest;
  readonly definition: JobDefinition;
}

export interface RequestedEnding {
  readonly how: 'terminated' | 'canceled';
  readonly reason: string;
}

export const newMemory = (): GapMemory => ({ definitions: new Map(), jobs: new Map(), endings: new Map() });
