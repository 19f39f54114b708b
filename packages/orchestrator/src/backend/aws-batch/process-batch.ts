import type { RetryTimes, Spec, Waiting } from '@winnow/core';
import type { ArrayBackend, ArrayJobs } from '../array-backend.ts';
import { batchJobs, openAwsBatch } from './aws-batch.ts';
import type { BatchApi, BatchSetupApi } from './batch-api.ts';
import { sdkBatchApi } from './sdk-batch-api.ts';

/** Loaded where logs are asked for. */
const logStreams = async () => (await import('../../cloudwatch/log-stream.ts')).cloudWatchLogs();
const now = (): number => performance.now();

/** AWS Batch as a spec asks for it, by the credentials and the region of this process. */
export function openProcessBatch(spec: Spec, waiting: Waiting): Promise<ArrayBackend> {
  const { queue = '', jobDefinition = '', fallbackQueue, vcpus, timeoutSeconds, tags = {} } = spec;
  const settings = { queue, jobDefinition, fallbackQueue, vcpus, timeoutSeconds, tags };
  return openAwsBatch({ api: sdkBatchApi(waiting, now), logStreams, sleep: waiting.sleep }, settings);
}

/** What can be done with jobs of this account and region that are there already. */
export const processBatchJobs = (waiting: Waiting): ArrayJobs =>
  batchJobs({ api: sdkBatchApi(waiting, now), logStreams });

/** Somebody waits for the answer: a service that is not there is told within seconds. */
const LOOKING: RetryTimes = { attempts: 3, baseMs: 200, capMs: 1000, throttledBaseMs: 1000 };

/** AWS Batch, to look at. */
export const processBatchSetup = (waiting: Waiting): BatchApi & BatchSetupApi =>
  sdkBatchApi(waiting, now, LOOKING);
