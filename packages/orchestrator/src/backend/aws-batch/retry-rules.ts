import type { RetryStrategy } from '@aws-sdk/client-batch';
import { WORKER_EXIT } from '@winnow/core';

/** How Batch says that Fargate Spot took a container back. (`Host EC2*` is how it says so of EC2.) */
export const FARGATE_RECLAIM = 'Your Spot Task was interrupted';
export const EC2_RECLAIM = 'Host EC2';
/** How the agent says that it did not get the image: a registry may answer the next time. */
export const IMAGE_ERROR = 'CannotPullContainerError';

/**
 * What Batch itself does with an attempt that ended: the first rule that fits, in this order. Without the last one Batch
 * would try everything again.
 *
 * | the attempt                        | then    |
 * |------------------------------------|---------|
 * | reclaimed by Fargate Spot or EC2   | again   |
 * | image not pulled                   | again   |
 * | exit 75: interrupted, or may pass  | again   |
 * | anything else                      | the orchestrator decides |
 *
 * A trailing `*` is the only wildcard: https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export const RETRY_STRATEGY = {
  attempts: 10,
  evaluateOnExit: [
    { onStatusReason: `${FARGATE_RECLAIM}*`, action: 'RETRY' },
    { onStatusReason: `${EC2_RECLAIM}*`, action: 'RETRY' },
    { onReason: `${IMAGE_ERROR}*`, action: 'RETRY' },
    { onExitCode: String(WORKER_EXIT.again), action: 'RETRY' },
    { onReason: '*', action: 'EXIT' },
  ],
} as const satisfies RetryStrategy;
