import type {
  ComputeEnvironmentDetail,
  FrontOfQueueDetail,
  JobDefinition,
  JobDetail,
  JobQueueDetail,
  JobSummary,
  ListJobsCommandInput,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch';

/** A page of a listing. */
export interface JobPage {
  readonly jobs: readonly JobSummary[];
  readonly next: string | undefined;
}

/** A job that a bulk call could not end. */
export interface EndFailure {
  readonly jobId: string;
  readonly message: string;
}

/**
 * The calls to AWS Batch that Winnow makes: one method a call, nothing decided here. The answers are the service's own.
 */
export interface BatchApi {
  /** May have been carried out although it failed, unless it was refused. */
  submitJob(request: SubmitJobCommandInput): Promise<string>;
  /** At most 100 ids, at least one. Jobs that the service does not know (yet, or any more) are missing. */
  describeJobs(jobIds: readonly string[]): Promise<readonly JobDetail[]>;
  listJobs(query: ListJobsCommandInput): Promise<JobPage>;
  cancelJob(jobId: string, reason: string): Promise<void>;
  terminateJob(jobId: string, reason: string): Promise<void>;
  /** At most 50 ids. Undefined where the service has no such call. */
  cancelJobs(jobIds: readonly string[], reason: string): Promise<readonly EndFailure[] | undefined>;
  terminateJobs(jobIds: readonly string[], reason: string): Promise<readonly EndFailure[] | undefined>;
  /** By ARN, by name and revision, or by name alone: the latest active revision then. */
  jobDefinition(name: string): Promise<JobDefinition | undefined>;
  jobQueue(name: string): Promise<JobQueueDetail | undefined>;
  /** By name or ARN, at least one. Those that the service does not know are missing. */
  computeEnvironments(names: readonly string[]): Promise<readonly ComputeEnvironmentDetail[]>;
}

/** What only looks at how queues are set up asks besides. */
export interface BatchSetupApi {
  /** The jobs that are next; undefined where the service has no such call. */
  frontOfQueue(queue: string): Promise<FrontOfQueueDetail | undefined>;
}
