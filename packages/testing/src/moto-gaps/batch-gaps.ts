import type { Containers } from '../containers/containers.ts';
import type { BatchOperation } from '../proxy/request-facts.ts';
import { jsonError, jsonReply } from '../proxy/reply.ts';
import type { Answerer } from '../proxy/rewrite.ts';
import type { BatchCall } from './batch-call.ts';
import { ClientException } from './client-exception.ts';
import { describeJobs } from './describe-jobs.ts';
import { cancelJob, cancelJobs, terminateJob, terminateJobs } from './end-jobs.ts';
import { deregisterJobDefinition, describeJobDefinitions, registerJobDefinition } from './job-definitions.ts';
import { listJobs } from './list-jobs.ts';
import { newMemory } from './memory.ts';
import { motoBatch, MotoRefusal } from './moto-batch.ts';
import { submitJob } from './submit-job.ts';
import { Visibility } from './visibility.ts';

type BatchAnswerer = (call: BatchCall) => Promise<object>;

const GAPS: Partial<Record<string, BatchAnswerer>> = {
  CancelJob: cancelJob,
  DeregisterJobDefinition: deregisterJobDefinition,
  DescribeJobDefinitions: describeJobDefinitions,
  DescribeJobs: describeJobs,
  ListJobs: listJobs,
  RegisterJobDefinition: registerJobDefinition,
  SubmitJob: submitJob,
  TerminateJob: terminateJob,
} satisfies Partial<Record<BatchOperation, BatchAnswerer>>;

const BULK: Partial<Record<string, BatchAnswerer>> = {
  CancelJobs: cancelJobs,
  TerminateJobs: terminateJobs,
} satisfies Partial<Record<BatchOperation, BatchAnswerer>>;

export interface BatchGapsOptions {
  readonly containers: Pick<Containers, 'record' | 'cancel'>;
  /** Whether there are CancelJobs and TerminateJobs; without, they are answered with moto's 404 page. */
  readonly bulk: boolean;
  /** How many looks at each new job do not see it; default 0. */
  readonly unseenLooks?: number;
}

/** Answers those operations of Batch in which moto differs from AWS. */
export function batchGaps(options: BatchGapsOptions): (operation: string) => Answerer | undefined {
  const { containers, bulk, unseenLooks = 0 } = options;
  const state = { containers, memory: newMemory(), visibility: new Visibility(unseenLooks) };
  return (operation) => {
    const answer = GAPS[operation] ?? (bulk ? BULK[operation] : undefined);
    if (!answer) return undefined;
    return async (body, forward) => {
      try {
        const request: unknown = JSON.parse(body.toString());
        const call = { request, bytes: body.length, moto: motoBatch(forward), ...state };
        return jsonReply(200, await answer(call));
      } catch (error) {
        if (error instanceof MotoRefusal) return error.reply;
        if (error instanceof ClientException) return jsonError(400, 'ClientException', error.message);
        // A bug of ours: said where the client's log shows it.
        return jsonError(
          501,
          'WinnowTestingBug',
          error instanceof Error ? (error.stack ?? '') : String(error),
        );
      }
    };
  };
}
