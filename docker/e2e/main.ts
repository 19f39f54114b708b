/**
 * Builds the images, looks at them, and runs the suites over AWS Batch with them: its containers are real ones then, of the
 * Docker engine of this machine, which must be there. Exits 1 where it is not, or where anything does not hold.
 *
 *     npm run e2e:containers
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CONTAINER_LABEL } from '@winnow/testing';
import { docker, printed } from './docker.ts';
import { IMAGE_CHECKS, type Images } from './image-checks.ts';
import { runSuites, type SuiteEnded } from './suites.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMAGES: Images = {
  base: 'node:24-bookworm-slim',
  slim: 'winnow:slim',
  full: 'winnow:full',
  label: CONTAINER_LABEL,
};
const SUITES = ['direct', 'run', 'failures'];

function fail(why: string): never {
  console.error(`e2e:containers: ${why}`);
  process.exit(1);
}

function build(target: 'slim' | 'full', tag: string): void {
  const words = ['--network', 'host', '--file', 'docker/worker.Dockerfile', '--target', target, '--tag', tag];
  const { status } = spawnSync('docker', ['build', ...words, '.'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) fail(`the image ${tag} cannot be built`);
}

async function checkImages(): Promise<SuiteEnded[]> {
  const rows: SuiteEnded[] = [];
  for (const { title, see } of IMAGE_CHECKS) {
    const start = performance.now();
    const [passed, seen] = await Promise.resolve()
      .then(() => see(IMAGES))
      .then(
        (told) => [true, told] as const,
        (error: unknown) => [false, error instanceof Error ? error.message : String(error)] as const,
      );
    const seconds = (performance.now() - start) / 1000;
    rows.push({ title, passed, seen, seconds });
    console.log(line({ title, passed, seen, seconds }));
  }
  return rows;
}

const line = ({ title, passed, seen, seconds }: SuiteEnded): string =>
  `${passed ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${title}: ${seen}`;

/** What a killed test left, too. */
function removeContainers(): void {
  const left = printed('ps', '--all', '--quiet', '--filter', `label=${CONTAINER_LABEL}`).split('\n');
  const ids = left.filter((id) => id !== '');
  if (ids.length > 0) printed('rm', '--force', '--volumes', ...ids);
}

const engine = docker('version', '--format', '{{.Server.Version}}');
if (engine.status !== 0)
  fail('a Docker engine must answer to docker version, none does: start one, or name it in DOCKER_HOST');
console.log(`Docker ${engine.stdout.trim()}`);
build('slim', IMAGES.slim);
build('full', IMAGES.full);
try {
  const rows = [...(await checkImages()), ...runSuites(ROOT, SUITES, IMAGES.slim)];
  console.log(`\n${rows.map(line).join('\n')}`);
  const suites = rows.length - IMAGE_CHECKS.length;
  if (suites !== SUITES.length) console.error(`e2e:containers: ${suites} of ${SUITES.length} suites ran`);
  process.exitCode = suites === SUITES.length && rows.every(({ passed }) => passed) ? 0 : 1;
} finally {
  removeContainers();
}
