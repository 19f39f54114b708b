import { afterEach, expect, test } from '@jest/globals';
import { exitCodeOf } from '../../src/containers/container.ts';
import { startContainers, type Containers, type ContainersOptions } from '../../src/containers/containers.ts';
import { SETTINGS_VARIABLE, settingsText, type JobSettings } from '../../src/containers/job-settings.ts';
import { isAlive } from '../is-alive.ts';
import { until } from '../until.ts';
import { dockerClient, type DockerClient } from './docker-client.ts';

const ID = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const SHELL = { argv: ['/bin/sh', '-c'] };

const started: Containers[] = [];
afterEach(async () => {
  for (const containers of started.splice(0)) await containers.stop();
});

async function start(options: Partial<ContainersOptions> = {}): Promise<{
  containers: Containers;
  docker: DockerClient;
  child: (index: number, script: string) => Promise<string>;
}> {
  const containers = await startContainers({
    images: { shell: SHELL, broken: { argv: ['/no/such/program'] } },
    attempts: 3,
    graceSeconds: 30,
    parallel: 2,
    environment: { AWS_ENDPOINT_URL: 'http://endpoint' },
    ...options,
  });
  started.push(containers);
  const docker = dockerClient(containers.socket);
  const child = (index: number, script: string): Promise<string> =>
    docker.run(`job-${ID}-${index}`, { Image: 'shell', Cmd: [script], Env: ['OWN=own'] });
  return { containers, docker, child };
}

/** Says when it is ready, then waits for SIGTERM. */
const untilTerm = (ending: string): string =>
  `trap '${ending}' TERM; echo ready; while :; do sleep 0.02; done`;
const untilReady = (docker: DockerClient, id: string, times = 1): Promise<unknown> =>
  until(async () => (await docker.log(id)).split('ready').length > times);
const exitCodes = (containers: Containers, index: number): unknown[] | undefined =>
  containers.record(`${ID}:${index}`)?.attempts.map(({ exitCode }) => exitCode);

test('a process gets its environment and is told of with exit code, reason, times and log', async () => {
  const { containers, docker, child } = await start();
  const id = await child(5, 'env; echo "to stderr" >&2; exit 4');
  expect(await docker.wait(id)).toBe(4);
  expect(await docker.status(id)).toBe('exited');
  const log = (await docker.log(id)).split('\n');
  expect(log).toEqual(
    expect.arrayContaining([
      'to stderr',
      'OWN=own',
      'AWS_ENDPOINT_URL=http://endpoint',
      `AWS_BATCH_JOB_ID=${ID}:5`,
      'AWS_BATCH_JOB_ARRAY_INDEX=5',
      'AWS_BATCH_JOB_ATTEMPT=1',
    ]),
  );
  expect(log.find((line) => line.startsWith('HOME='))).not.toBe(`HOME=${process.env['HOME'] ?? ''}`);
  const [attempt] = containers.record(`${ID}:5`)?.attempts ?? [];
  expect(attempt).toMatchObject({
    attempt: 1,
    exitCode: 4,
    reason: undefined,
    statusReason: 'Essential container in task exited',
  });
  expect(attempt!.stoppedAt).toBeGreaterThanOrEqual(attempt!.startedAt);
});

test('exit code 75 gets another attempt until they are used up, 70 does not', async () => {
  const { containers, docker, child } = await start();
  const ids = [
    await child(0, 'exit 75'),
    await child(1, 'exit 70'),
    await child(2, 'test $AWS_BATCH_JOB_ATTEMPT = 2 || exit 75'),
  ];
  expect(await Promise.all(ids.map((id) => docker.wait(id)))).toEqual([75, 70, 0]);
  expect(exitCodes(containers, 0)).toEqual([75, 75, 75]);
  expect(exitCodes(containers, 1)).toEqual([70]);
  expect(exitCodes(containers, 2)).toEqual([75, 0]);
});

test('a reclaimed attempt gets SIGTERM and is followed by another one', async () => {
  const { containers, docker, child } = await start();
  const id = await child(0, `test $AWS_BATCH_JOB_ATTEMPT = 2 && exit 0; ${untilTerm('exit 9')}`);
  await untilReady(docker, id);
  await containers.reclaim(`${ID}:0`);
  expect(await docker.wait(id)).toBe(0);
  expect(containers.record(`${ID}:0`)?.attempts).toMatchObject([
    { exitCode: 9, statusReason: 'Your Spot Task was interrupted.', interruption: 'reclaimed' },
    { exitCode: 0, statusReason: 'Essential container in task exited' },
  ]);
  await expect(containers.reclaim(`${ID}:0`)).rejects.toThrow('nothing to end');
});

test('what ignores SIGTERM is killed after the grace', async () => {
  const { containers, docker, child } = await start({ graceSeconds: 0.1, attempts: 1 });
  const id = await child(0, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
  await untilReady(docker, id);
  await containers.reclaim(`${ID}:0`);
  expect(await docker.wait(id)).toBe(137);
});

test('a kill is final: SIGTERM, and no further attempt', async () => {
  const { containers, docker, child } = await start();
  const id = await child(0, untilTerm('exit 75'));
  await untilReady(docker, id);
  await docker.kill(id);
  expect(await docker.wait(id)).toBe(75);
  expect(exitCodes(containers, 0)).toEqual([75]);
});

test('a container ends with all that it started', async () => {
  const { docker, child } = await start();
  const id = await child(0, 'sleep 1000 & echo $!; exit 0');
  expect(await docker.wait(id)).toBe(0);
  const pid = Number(await docker.log(id));
  expect(pid).toBeGreaterThan(1);
  await until(() => !isAlive(pid));
});

test('so many run at once; the others wait, and can be canceled until they start', async () => {
  const { containers, docker, child } = await start({ parallel: 1 });
  const first = await child(0, untilTerm('exit 0'));
  await untilReady(docker, first);
  const [second, third] = [await child(1, 'exit 0'), await child(2, 'exit 0')];
  expect(containers.running()).toMatchObject([{ jobId: `${ID}:0`, attempt: 1 }]);
  expect(containers.record(`${ID}:1`)).toMatchObject({ state: 'waiting' });
  // Moto would take any other word for its end.
  expect(await docker.status(second)).toBe('running');
  expect(containers.cancel(`${ID}:0`)).toBe(false);
  expect(containers.cancel(`${ID}:1`)).toBe(true);
  expect(await docker.wait(second)).toBe(137);
  expect(exitCodes(containers, 1)).toEqual([]);
  await docker.kill(first);
  expect(await docker.wait(third)).toBe(0);
  expect(exitCodes(containers, 0)).toEqual([0]);
});

test('a job can be canceled before there is a container for it', async () => {
  const { containers, docker, child } = await start();
  expect(containers.cancel(`${ID}:0`)).toBe(true);
  const id = await child(0, 'exit 0');
  expect(await docker.wait(id)).toBe(137);
  expect(exitCodes(containers, 0)).toEqual([]);
});

test.each([
  ['no-such-image', /^CannotPullContainerError/],
  ['broken', /^CannotStartContainerError/],
])('the image %s fails to start, in AWS words', async (Image, reason) => {
  const { containers, docker } = await start();
  const id = await docker.run(`job-${ID}`, { Image, Cmd: [], Env: [] });
  expect(await docker.wait(id)).toBeGreaterThan(0);
  const [attempt, ...others] = containers.record(ID)?.attempts ?? [];
  expect(others).toEqual([]);
  expect(attempt).toMatchObject({ exitCode: undefined, statusReason: 'Task failed to start' });
  expect(attempt?.reason).toMatch(reason);
});

/** A plain job with settings of its own. */
const runWith = (docker: DockerClient, settings: Partial<JobSettings>, script: string): Promise<string> => {
  const text = settingsText({ jobQueue: 'spot', computeEnvironment: 'ce', retryStrategy: {}, ...settings });
  return docker.run(`job-${ID}`, { Image: 'shell', Cmd: [script], Env: [`${SETTINGS_VARIABLE}=${text}`] });
};

test("a job's own retry strategy and queue", async () => {
  const { containers, docker } = await start();
  const retryStrategy = { attempts: 10, evaluateOnExit: [{ onExitCode: '75', action: 'EXIT' }] };
  const script = 'echo $AWS_BATCH_JQ_NAME; test $AWS_BATCH_JOB_ATTEMPT = 1 && exit 5; exit 75';
  const id = await runWith(docker, { retryStrategy }, script);
  expect(await docker.wait(id)).toBe(75);
  expect(await docker.log(id)).toBe('spot\nspot\n');
  expect(containers.record(ID)?.attempts).toHaveLength(2);
});

test('an attempt ends when its time is up, and is the last', async () => {
  const { containers, docker } = await start();
  const forever = 'while :; do sleep 0.02; done';
  const id = await runWith(docker, { retryStrategy: { attempts: 3 }, attemptSeconds: 0.1 }, forever);
  expect(await docker.wait(id)).toBeGreaterThan(0);
  expect(containers.record(ID)?.attempts).toMatchObject([
    { statusReason: 'Job attempt duration exceeded timeout', interruption: 'timed-out' },
  ]);
});

test('a kill ends the attempt at once, as one of a system that tells nobody', async () => {
  const { containers, docker, child } = await start();
  const id = await child(0, untilTerm('exit 0'));
  await untilReady(docker, id);
  containers.kill(`${ID}:0`);
  expect(await docker.wait(id)).toBe(137);
  expect(containers.record(`${ID}:0`)?.attempts).toMatchObject([
    { exitCode: 137, interruption: undefined, statusReason: 'Essential container in task exited' },
  ]);
  expect(() => containers.kill(`${ID}:0`)).toThrow('nothing to end');
});

test.each([
  [{ exitCode: 3, interruption: undefined }, 3],
  [{ exitCode: 0, interruption: 'reclaimed' }, 0],
  [{ exitCode: 0, interruption: 'timed-out' }, 137],
  [{ exitCode: undefined, interruption: undefined }, 137],
  [undefined, 137],
] as const)('after %j moto is told %d', (last, code) => {
  expect(exitCodeOf(last)).toBe(code);
});

test('stopping kills what runs and starts nothing that waits', async () => {
  const { containers, docker, child } = await start({ parallel: 1 });
  const id = await child(0, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
  await untilReady(docker, id);
  await child(1, 'exit 0');
  const [running] = containers.running();
  await containers.stop();
  expect(isAlive(running!.pid)).toBe(false);
  expect(exitCodes(containers, 1)).toEqual([]);
});
