/**
 * How planning over a bucket grows: lists, samples, cuts and writes the plan of many small objects that a made-up bucket
 * has, and tells what the planning process took. Exits 1 where it took more memory than promised.
 *
 *     npm run scale:s3 -- [--objects 10000000]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMeasured } from './measured-process.ts';

const MOST_BYTES = 300e6;
const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const { values } = parseArgs({ options: { objects: { type: 'string', default: '10000000' } } });
const bucket = spawn(process.execPath, [program('made-up-bucket.ts'), values.objects], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [port] = (await once(bucket.stdout, 'data')) as [Buffer];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port.toString().trim()}`,
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  });
  const { exitCode, stdout, wallSeconds, cpuSeconds, peakBytes } = await runMeasured([
    program('scale-plan-s3-once.ts'),
  ]);
  console.log(stdout.trim());
  console.log(
    `${values.objects} objects: ${wallSeconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s CPU, peak ${(peakBytes / 1e6).toFixed(0)} MB`,
  );
  if (exitCode !== 0 || peakBytes > MOST_BYTES) {
    console.error(exitCode === 0 ? `planning took more than ${MOST_BYTES / 1e6} MB` : 'planning failed');
    process.exitCode = 1;
  }
} finally {
  bucket.kill();
}
