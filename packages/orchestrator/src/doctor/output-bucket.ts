import { randomUUID } from 'node:crypto';
import { StorageError, WINNOW_FOLDER, type BucketFacts, type Storage } from '@winnow/core';
import { failedBy, finding, ok, tellable, type Finding } from './finding.ts';
import { probeWrites } from './probe-writes.ts';

/** Whether a bucket can be an output, by what a run does to it and by how it is set up. */
export async function lookAtBucket(storage: Storage, facts: BucketFacts): Promise<Finding[]> {
  // A listing first: where it fails all else would, and say less.
  for await (const _ of storage.list('')) break;
  return [
    await regionFinding(storage.uri, facts),
    ...(await writeFindings(storage)),
    ...(await tellable('multipart leftovers', 's3:GetLifecycleConfiguration', isDenied, () =>
      lifecycle(facts),
    )),
    ...(await tellable('versions', 's3:GetBucketVersioning', isDenied, async () => [
      await versioning(facts),
    ])),
  ];
}

async function regionFinding(uri: string, facts: BucketFacts): Promise<Finding> {
  const what = `${uri} can be listed`;
  // It was listed a moment ago: the region is a nicety.
  const region = await facts.region().catch(() => undefined);
  return ok('output', region === undefined ? what : `${what}; its bucket lies in ${region}`);
}

async function writeFindings(storage: Storage): Promise<Finding[]> {
  const key = `${WINNOW_FOLDER}/doctor/${randomUUID()}`;
  try {
    const { createsOnce, replacesThatVersion } = await probeWrites(storage, key);
    return [
      createsOnce
        ? ok('If-None-Match', 'an object that is there is not created again')
        : finding(
            'If-None-Match',
            'failed',
            'the server created an object that was there: two attempts could write one part',
            'use a server with conditional writes (Amazon S3 has them)',
          ),
      replacesThatVersion
        ? ok('If-Match', 'only the version that is expected is replaced')
        : finding(
            'If-Match',
            'failed',
            'the server does not keep to the version that is to be replaced: outputs of --layout mirror could be lost',
            'use a server with conditional writes (Amazon S3 has them), or --layout parts',
          ),
    ];
  } catch (error) {
    return [failedBy('output', error)];
  }
}

async function lifecycle(facts: BucketFacts): Promise<Finding[]> {
  const { abortDays, expiring } = await facts.lifecycle();
  const leftovers =
    abortDays === undefined
      ? finding(
          'multipart leftovers',
          'warning',
          'no lifecycle rule removes what uploads that were killed have left',
          'add a rule for the prefix with AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}; a closed run removes its own',
        )
      : ok('multipart leftovers', `a lifecycle rule removes them after ${abortDays} day(s)`);
  if (expiring.length === 0) return [leftovers];
  const message = `lifecycle rules remove objects of the output: ${expiring.join(', ')}`;
  const hint = 'leave its prefix out of them: a run whose receipts go cannot be gone on with';
  return [leftovers, finding('expiry', 'warning', message, hint)];
}

async function versioning(facts: BucketFacts): Promise<Finding> {
  const state = await facts.versioning();
  const notes = {
    on: 'the bucket keeps them: what is replaced or removed costs until a rule with NoncurrentVersionExpiration removes it',
    suspended: 'suspended: older ones stay until a rule with NoncurrentVersionExpiration removes them',
    off: 'the bucket keeps none',
  };
  return ok('versions', notes[state]);
}

/** How a bucket is set up is no matter of a run: who may not see it can still run. */
const isDenied = (error: unknown): boolean => error instanceof StorageError && error.code === 'denied';
