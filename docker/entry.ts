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
if (words.length === 0 && given('WINNOW_RUN')) await import('@winnow/worker/main');
else {
  const cli = await import('@winnow/orchestrator/cli');
  const isDirect = words.length === 0 && given('WINNOW_SOURCE');
  process.exitCode = await (isDirect ? cli.direct() : cli.main(words.length === 0 ? ['--help'] : words));
}

function given(variable: string): boolean {
  return (process.env[variable] ?? '') !== '';
}
