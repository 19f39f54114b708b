/**
 * Builds the image and runs the suites over AWS Batch with it: its containers are real ones then, of the Docker engine of
 * this machine, which must be there.
 *
 *     npm run e2e:containers
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMAGE = 'winnow:slim';
const SUITES = ['direct', 'run', 'failures'].map((suite) => `packages/orchestrator/test/aws/${suite}\\.aws`);

function must(what: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  console.error(`e2e:containers: ${what}${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}

must('a Docker engine must answer (docker version): start one, or name it in DOCKER_HOST', 'docker', [
  'version',
]);
must('the image cannot be built', 'docker', [
  ...['build', '--network', 'host', '--file', 'docker/worker.Dockerfile', '--target', 'slim', '--tag', IMAGE],
  '.',
]);
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
must('a suite failed', process.execPath, [...jest, '-c', 'jest.aws.config.js', '-i', ...SUITES], {
  WINNOW_TEST_IMAGE: IMAGE,
});
// None is left, also where a test was killed.
const left = spawnSync('docker', ['ps', '-q', '--filter', 'label=winnow-e2e'], { encoding: 'utf8' }).stdout;
const ids = left.split('\n').filter((id) => id !== '');
if (ids.length > 0) must('containers were left', 'docker', ['rm', '-f', ...ids]);
