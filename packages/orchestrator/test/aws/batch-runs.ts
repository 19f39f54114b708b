import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { expect } from '@jest/globals';
import { runKeys, type Report, type SubmittedJob } from '@winnow/core';
import type { AwsOptions } from '@winnow/testing';
import { essence } from '../essence.ts';
import { partHashes } from '../winnow.ts';
import { BUCKET, startCloud, type Cloud } from './cloud.ts';

/** The demo's kind of archive, cut into 33 units of which some have sub-units; three units a shard make eleven shards. */
const SAMPLE =
  'sample ndjson --output in --files 9 --records 30000 --seed 5 --bad 9 --drift --compression mixed';
const SETTINGS = ['--max-quarantined', '9', '--unit-size', '256KiB'];
export const SHARDS = 11;

/** An archive in a bucket, what an undisturbed run on this machine makes of it, and runs of it on AWS Batch. */
export interface BatchRuns {
  readonly cloud: Cloud;
  /** On this machine. */
  readonly folder: string;
  /** Of every run of the archive: outputs are not hashed. */
  readonly runId: string;
  /** What of it is hashed, without the source. */
  readonly settings: readonly string[];
  /** Arguments of a run below that prefix of the bucket; the later of two that are the same wins. */
  on(output: string, ...more: string[]): string[];
  /** Keys of the receipts that stand in an output. */
  receipts(output: string): Promise<string[]>;
  /** The jobs of a run's submissions, as AWS has them. */
  jobs(output: string, runId?: string): Promise<JobDetail[]>;
  /** The output in the bucket is the undisturbed one's, byte for byte, and so is the account of it. */
  expectUndisturbed(output: string, report: Report): Promise<void>;
  stop(): Promise<void>;
}

export async function startBatchRuns(options: Partial<AwsOptions> = {}): Promise<BatchRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-test-'));
  const cloud = await startCloud(options);
  const stop = async (): Promise<void> => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await runsOn(cloud, folder)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function runsOn(cloud: Cloud, folder: string): Promise<Omit<BatchRuns, 'stop'>> {
  const { prepared, objects } = cloud;
  const run = ['--source', `s3://${BUCKET}/in`, ...SETTINGS];
  await makeArchive(cloud, folder);
  const undisturbed = await cloud.runUndisturbed([...run, '--output', 'undisturbed'], folder);
  if (undisturbed.code !== 0) throw new Error(undisturbed.stderr);
  const { runId } = undisturbed.report;
  const keys = runKeys(runId);
  const hashes = await partHashes(join(folder, 'undisturbed'));
  const ledger = await readFile(join(folder, 'undisturbed', keys.ledger));
  return {
    ...{ cloud, folder, runId, settings: SETTINGS },
    on: (output, ...more) =>
      withoutEarlier([
        ...run,
        ...['--output', `s3://${BUCKET}/${output}`],
        ...['--backend', 'aws-batch', '--queue', prepared.jobQueue],
        ...['--job-definition', prepared.jobDefinition],
        ...['--shard-units', '3', '--poll-seconds', '1'],
        ...more,
      ]),
    receipts: (output) => objects.keys(`${output}/${keys.receipts}`),
    jobs: async (output, id = runId) => {
      const found = await objects.keys(`${output}/${runKeys(id).submissions}`);
      const jobs: string[] = [];
      for (const key of found.filter((name) => name.endsWith('.job.json')))
        jobs.push((JSON.parse((await objects.get(key)).toString()) as SubmittedJob).jobId);
      const answer = await cloud.batch.send(new DescribeJobsCommand({ jobs }));
      return (answer.jobs ?? []).sort((a, b) => jobs.indexOf(a.jobId ?? '') - jobs.indexOf(b.jobId ?? ''));
    },
    expectUndisturbed: async (output, report) => {
      expect(report.runId).toBe(runId);
      expect(essence(report)).toEqual(essence(undisturbed.report));
      expect(await objects.partHashes(`${output}/`)).toEqual(hashes);
      expect((await objects.get(`${output}/${keys.ledger}`)).equals(ledger)).toBe(true);
      expect(await cloud.winnow(['verify', `s3://${BUCKET}/${output}`], folder)).toMatchObject({ code: 0 });
    },
  };
}

async function makeArchive(cloud: Cloud, folder: string): Promise<void> {
  const { code, stderr } = await cloud.winnow(SAMPLE.split(' '), folder);
  if (code !== 0) throw new Error(stderr);
  await cloud.objects.putFolder(join(folder, 'in'), 'in/');
}

/** Pairs of a flag and its value, the last of each flag: a command takes each once. */
function withoutEarlier(args: readonly string[]): string[] {
  const last = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) last.set(args[at] ?? '', args[at + 1] ?? '');
  return [...last].flat();
}
