// What stands for a worker's image: tells its environment in S3, then does as CHILD_DOES says.
import { unsignedFor } from '../src/test-credentials.ts';

const {
  AWS_BATCH_JOB_ID: jobId = '',
  AWS_BATCH_JOB_ATTEMPT: attempt = '',
  CHILD_TELLS: bucketUrl = '',
  /** `exit`, `wait` for SIGTERM and then exit, or `ignore` SIGTERM. */
  CHILD_DOES: does = 'exit',
  /** Exit codes of the attempts; the last one holds for all further ones. */
  CHILD_EXITS: exits = '0',
  /** The only index of an array that does not exit with 0. */
  CHILD_FAILS_AT: failsAt,
  AWS_BATCH_JOB_ARRAY_INDEX: index,
} = process.env;

const codes = exits.split(',').map(Number);
const fails = failsAt === undefined || failsAt === index;
const code = fails ? (codes[Number(attempt) - 1] ?? codes.at(-1)) : 0;

// Before it tells of itself: who has read that may send a signal.
process.on('SIGTERM', () => {
  if (does !== 'ignore') process.exit(code);
});

await fetch(`${bucketUrl}/${jobId.replace(':', '/')}/${attempt}.json`, {
  method: 'PUT',
  headers: { authorization: unsignedFor('s3') },
  body: JSON.stringify({ ...process.env, arguments: process.argv.slice(2) }),
});
console.log(`attempt ${attempt} of ${jobId}`);
if (does === 'exit') process.exit(code);
setInterval(() => undefined, 1000);
