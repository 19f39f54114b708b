/**
 * What a container does follows from what it is given:
 *
 * | words behind the image | variables       | it is                                                       |
 * |------------------------|-----------------|-------------------------------------------------------------|
 * | any                    |                 | the command: `winnow <words>`                               |
 * | none                   | `WINNOW_RUN`    | a worker: does the shard that its environment names         |
 * | none                   | `WINNOW_SOURCE` | direct mode: plans the job and does it, with its array      |
 * | none                   | neither         | the command's help                                          |
 */
const words = process.argv.slice(2);
if (words.length > 0) process.exitCode = await (await import('@winnow/orchestrator/cli')).main(words);
else if (given('WINNOW_RUN')) await import('@winnow/worker/main');
else if (given('WINNOW_SOURCE')) {
  // Taken before the rest is loaded, as a worker does: a job that is asked to end so early is to be run again.
  const leave = (): never => process.exit(75);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, leave);
  const { direct } = await import('@winnow/orchestrator/cli');
  const ended = direct();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, leave);
  process.exitCode = await ended;
} else process.exitCode = await (await import('@winnow/orchestrator/cli')).main(['--help']);

function given(variable: string): boolean {
  return (process.env[variable] ?? '') !== '';
}
