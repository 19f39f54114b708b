/**
 * What a worker takes to start, until the first byte of its input is there, above what Node itself takes: CPU
 * milliseconds, medians of pairs in one run. Exits 1 where it is over 150.
 *
 *     npm run bench:start -- [--bucket] [--rounds 15]
 *
 * The worker is the bundle of the image. `--bucket` reads from S3, which needs moto_server.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { storageOpener } from '@winnow/core';

const MOST_MS = 150;
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BUNDLE = file('../../docker/dist/winnow.js');
const PROBE = file('worker-start-probe.ts');
/** Of Node, as the image has them. */
const [, FLAGS] = /^ENTRYPOINT \["node", (.*), "\/app\/winnow.js"\]$/m.exec(
  readFileSync(file('../../docker/worker.Dockerfile'), 'utf8'),
)!;
const NODE_FLAGS = JSON.parse(`[${FLAGS}]`) as string[];
const INPUT = 'first.ndjson';
const RECORD = '{"id":1}\n';

const { values } = parseArgs({
  options: { bucket: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
});

/** CPU milliseconds until the probe tells them. */
function cpuMs(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const { stderr } = spawnSync(process.execPath, ['--import', PROBE, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const told = /^cpu ([\d.]+)$/m.exec(stderr)?.[1];
  if (told === undefined) throw new Error(`nothing was read: ${stderr}`);
  return Number(told);
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

/** What a worker is told of a run that was done once, and whose receipt is gone. */
async function prepare(root: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  // What this process removes it removes with the same credentials.
  Object.assign(process.env, env);
  const words = ['run', '--source', `${root}/in`, '--output', `${root}/out`, '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, [BUNDLE, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (stdout === '') throw new Error(stderr);
  const { runId } = JSON.parse(stdout) as { runId: string };
  const output = await storageOpener({ ...process.env, ...env })(`${root}/out`);
  for await (const { key } of output.list(`_winnow/${runId}/receipts/`)) await output.remove(key);
  return { ...env, WINNOW_RUN: `${root}/out/_winnow/${runId}`, WINNOW_SUBMISSION: '0' };
}

function compare(what: string, worker: NodeJS.ProcessEnv): void {
  const pairs = Array.from({ length: Number(values.rounds) }, () => ({
    node: cpuMs(['-e', '0'], {}),
    // The image keeps compiled code, too.
    worker: cpuMs([...NODE_FLAGS, BUNDLE], {
      ...worker,
      NODE_COMPILE_CACHE: join(folder, 'cache'),
    }),
  }));
  const above = median(pairs.map((pair) => pair.worker - pair.node));
  const [of, to] = [median(pairs.map((pair) => pair.worker)), median(pairs.map((pair) => pair.node))];
  console.log(`${what}: ${above.toFixed(0)} ms above node -e 0 (${of.toFixed(0)} against ${to.toFixed(0)})`);
  if (above > MOST_MS) process.exitCode = 1;
}

async function inBucket(folder: string): Promise<void> {
  const { startMoto, TEST_CREDENTIALS } = await import('@winnow/testing');
  const { CreateBucketCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const moto = await startMoto({ dockerSocket: join(folder, 'none.sock') });
  try {
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = TEST_CREDENTIALS;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const s3 = new S3Client({ endpoint: moto.url, region: AWS_REGION, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: `in/${INPUT}`, Body: RECORD }));
    s3.destroy();
    compare(
      'an input in a bucket',
      await prepare('s3://lake', { ...TEST_CREDENTIALS, AWS_ENDPOINT_URL: moto.url }),
    );
  } finally {
    await moto.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-start-'));
try {
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in', INPUT), RECORD);
  compare('an input on the disk', await prepare(folder, {}));
  if (values.bucket) await inBucket(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
