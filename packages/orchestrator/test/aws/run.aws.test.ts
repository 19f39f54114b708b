import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runKeys, type Report } from '@winnow/core';
import { untilThereAre } from '../killing.ts';
import { SHARDS, startBatchRuns, type BatchRuns } from './batch-runs.ts';
import { BUCKET } from './cloud.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns();
});
afterAll(() => runs.stop());

const winnow = (...args: string[]) => runs.cloud.winnow(args, runs.folder);
const runReport = (args: string[]) => runs.cloud.runReport(args, runs.folder);

describe('the main job on AWS Batch', () => {
  test.each([
    ['by containerProperties', 'jobDefinition', 'main'],
    ['by ecsProperties', 'ecsJobDefinition', 'ecs'],
  ] as const)('%s is one array, with the output of this machine', async (_, definition, output) => {
    const named = ['--job-definition', runs.cloud.prepared[definition]];
    const args = runs.on(output, ...named, '--tags', 'team=data');
    const { code, report } = await runReport(args);
    expect(code).toBe(0);
    await runs.expectUndisturbed(output, report);
    expect(report.attempts).toEqual({ total: SHARDS, interrupted: 0, failed: 0 });
    const jobs = await runs.jobs(output);
    expect(jobs).toMatchObject([
      {
        status: 'SUCCEEDED',
        arrayProperties: { size: SHARDS },
        timeout: { attemptDurationSeconds: 14_400 },
        propagateTags: true,
        tags: { team: 'data' },
        retryStrategy: { attempts: 10 },
      },
    ]);
    const again = await winnow('run', ...args);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^nothing to do/);
  });

  test('what came in meanwhile is a generation of its own, and its only shard a plain job', async () => {
    const before = await runs.cloud.objects.partHashes('main/');
    await runs.cloud.objects.put('in/0001/late.ndjson', '{"event_id":1}\n'.repeat(7));
    const { code, report } = await runReport(runs.on('main')).finally(() =>
      runs.cloud.objects.remove('in/0001/late.ndjson'),
    );
    expect(code).toBe(0);
    expect(report).toMatchObject({ records: { read: 7, written: 7 }, inputs: { total: 1, done: 1 } });
    expect(report.runId).toMatch(/^0001-/);
    const after = await runs.cloud.objects.partHashes('main/');
    expect(after).toMatchObject(before);
    expect(Object.keys(after)).toHaveLength(Object.keys(before).length + 1);
    const [job] = await runs.jobs('main', report.runId);
    expect(job).toMatchObject({ status: 'SUCCEEDED' });
    expect(job?.arrayProperties?.size).toBeUndefined();
  });

  test('gets a container as large as its memory class', async () => {
    const { code } = await runReport(runs.on('large', '--memory', '2500MiB', '--shard-units', '33'));
    expect(code).toBe(0);
    const [job] = await runs.jobs('large');
    expect(job?.container?.resourceRequirements).toEqual(
      expect.arrayContaining([
        { type: 'MEMORY', value: '3072' },
        { type: 'VCPU', value: '1' },
      ]),
    );
  });

  test('--max-running submits the next array when there is room', async () => {
    const { code, report } = await runReport(runs.on('few', '--max-running', '8'));
    expect(code).toBe(0);
    await runs.expectUndisturbed('few', report);
    const sizes = (await runs.jobs('few')).map(({ arrayProperties }) => arrayProperties?.size ?? 1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(SHARDS);
    // A quarter of the limit each, and the rest.
    expect(sizes).toEqual([2, 2, 2, 2, 2, 1]);
  });
});

describe('a run that was left', () => {
  test('is taken up by the same command: nothing is submitted twice', async () => {
    const left = runs.cloud.start(['run', ...runs.on('left')], runs.folder);
    await untilThereAre(async () => (await runs.receipts('left')).length > 2);
    left.child.kill('SIGKILL');
    expect(await left.ended).toMatchObject({ signal: 'SIGKILL' });
    const { code, report } = await runReport(runs.on('left'));
    expect(code).toBe(0);
    await runs.expectUndisturbed('left', report);
    const submissions = await runs.cloud.objects.keys(`left/${runKeys(runs.runId).submissions}`);
    expect(submissions.filter((key) => key.endsWith('.intent.json'))).toHaveLength(1);
    expect(report.attempts).toEqual({ total: SHARDS, interrupted: 0, failed: 0 });
  });

  test('goes on after Ctrl-C; another machine watches it with the run directory alone', async () => {
    const running = runs.cloud.start(['run', ...runs.on('watched')], runs.folder);
    await untilThereAre(async () => (await runs.receipts('watched')).length > 0);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/1 job goes on/);

    const uri = `s3://${BUCKET}/watched/_winnow/${runs.runId}`;
    const watched = await runs.cloud.winnow(['watch', uri, '--json'], tmpdir());
    expect(watched.code).toBe(0);
    await runs.expectUndisturbed('watched', JSON.parse(watched.stdout) as Report);
  });
});
