import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker, inspected, printed } from './docker.ts';
import { layersAbove } from './layers.ts';

/** What must hold of the images; gives what was seen. */
export interface ImageCheck {
  readonly title: string;
  readonly see: (images: Images) => Promise<string> | string;
}

export interface Images {
  readonly base: string;
  readonly slim: string;
  readonly full: string;
  /** Of all containers and volumes that are made. */
  readonly label: string;
}

const MIB = 1024 * 1024;
/** Compressed, above Node's image; docs/containers.md tells what they are. */
const MOST_SLIM = 1.5 * MIB;
const MOST_DUCKDB = 24 * MIB;

/** As a job definition of Winnow has it, and without a network. */
const SHUT_IN = ['--network', 'none', '--read-only', '--memory', '2048m'];
const OPENCONTAINERS = 'org.opencontainers.image';
const STOP_SECONDS = 30;
const WAIT_MS = 60_000;

export const IMAGE_CHECKS: readonly ImageCheck[] = [
  {
    title: 'labels tell what it is, and of which version',
    see: ({ slim, full }) => {
      const { version } = JSON.parse(
        readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
      ) as Record<string, string>;
      for (const image of [slim, full]) {
        const labels = inspected(image, '.Config.Labels') as Record<string, string>;
        assert.equal(labels[`${OPENCONTAINERS}.title`], 'winnow');
        assert.equal(labels[`${OPENCONTAINERS}.version`], version);
        assert.ok(labels[`${OPENCONTAINERS}.description`]);
      }
      return `winnow ${version}`;
    },
  },
  {
    title: 'runs as user 1000, Node first, and can write to /tmp alone',
    see: ({ slim, label }) => {
      const look = `
        const fs = require('node:fs');
        const writes = (path) => { try { fs.writeFileSync(path, ''); return true; } catch { return false; } };
        const written = ['/tmp', '/app', '/app/cache', '/work', '/'].filter((folder) => writes(folder + '/x'));
        console.log([process.getuid(), process.getgid(), process.pid, ...written].join(' '));`;
      const run = ['run', '--rm', '--label', label, ...SHUT_IN, '--entrypoint', 'node'];
      const seen = printed(...run, slim, '-e', look);
      assert.equal(seen, '1000 1000 1 /tmp');
      assert.equal((inspected(slim, '.Config.Entrypoint') as string[])[0], 'node');
      return 'uid gid pid writes: ' + seen;
    },
  },
  {
    title: 'a worker is healthy without a network',
    see: async ({ slim, label }) => {
      const run = ['run', '--detach', '--label', label, ...SHUT_IN, '--health-interval', '1s'];
      const worker = printed(...run, slim, 'worker', '--pull', '/tmp/out');
      try {
        const status = (): unknown => inspected(worker, '.State.Health.Status');
        await until('healthy', () => status() !== 'starting');
        assert.equal(status(), 'healthy');
        assert.equal(inspected(worker, '.State.Running'), true);
      } finally {
        printed('rm', '--force', '--volumes', worker);
      }
      return 'healthy';
    },
  },
  {
    title: 'a job that is stopped ends with 75 in time; started again it goes on to a whole output',
    see: async (images) => {
      const volume = printed('volume', 'create', '--label', images.label);
      try {
        return await stoppedAndGoneOnWith(images, ['--volume', `${volume}:/tmp`]);
      } finally {
        printed('volume', 'rm', '--force', volume);
      }
    },
  },
  {
    title: 'nothing in the slim image is bound to an architecture',
    see: ({ slim, label }) => {
      const look = `
        const fs = require('node:fs');
        const files = fs.readdirSync('/app', { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile()).map((entry) => entry.parentPath + '/' + entry.name)
          // What Node keeps compiled is made where the image is built, for what it is built for.
          .filter((path) => !path.startsWith('/app/cache/'));
        const native = files.filter((path) => fs.readFileSync(path).subarray(0, 4).equals(Buffer.from('\\x7fELF')));
        console.log([files.length, ...native].join(' '));`;
      const run = ['run', '--rm', '--label', label, ...SHUT_IN, '--entrypoint', 'node'];
      const [files, ...native] = printed(...run, slim, '-e', look).split(' ');
      assert.deepEqual(native, []);
      assert.ok(Number(files) > 2);
      return `${files} files, none native`;
    },
  },
  {
    title: `the slim image is ${MOST_SLIM / MIB} MiB compressed at most, DuckDB one layer above it`,
    see: ({ base, slim, full }) => {
      const ours = layersAbove(base, slim).reduce((sum, size) => sum + size, 0);
      const [duckdb = 0, ...more] = layersAbove(slim, full);
      assert.deepEqual(more, []);
      const told = `slim ${(ours / MIB).toFixed(2)} MiB, DuckDB ${(duckdb / MIB).toFixed(1)} MiB`;
      assert.ok(ours <= MOST_SLIM && duckdb <= MOST_DUCKDB, told);
      return told;
    },
  },
  {
    title: 'DuckDB loads in the full image, and is not in the slim one',
    see: ({ slim, full, label }) => {
      const run = ['run', '--rm', '--label', label, ...SHUT_IN, '--workdir', '/app', '--entrypoint', 'node'];
      const load = "import('@duckdb/node-api').then((duckdb) => console.log(duckdb.version()))";
      const version = printed(...run, full, '-e', load);
      assert.match(version, /^v\d/);
      assert.equal(docker(...run, slim, '-e', load).status, 1);
      return version;
    },
  },
];

async function stoppedAndGoneOnWith({ slim, label }: Images, tmp: readonly string[]): Promise<string> {
  const run = (...words: string[]): string =>
    printed('run', '--rm', '--label', label, ...SHUT_IN, ...tmp, slim, ...words);
  const job = [
    '--env',
    'WINNOW_SOURCE=/tmp/in',
    '--env',
    'WINNOW_OUTPUT=/tmp/out',
    '--env',
    'WINNOW_UNIT_BYTES=1MiB',
  ];
  const start = (): string => printed('run', '--detach', '--label', label, ...SHUT_IN, ...tmp, ...job, slim);
  run(
    'sample',
    'ndjson',
    '--output',
    '/tmp/in',
    '--files',
    '8',
    '--records',
    '800000',
    '--compression',
    'mixed',
  );
  const stopped = start();
  try {
    const receipts = ['exec', stopped, 'sh', '-c', 'ls /tmp/out/_winnow/*/receipts/*'];
    await until('the first receipt', () => docker(...receipts).status === 0);
    const asked = Date.now();
    printed('stop', '--time', String(STOP_SECONDS), stopped);
    const seconds = (Date.now() - asked) / 1000;
    assert.equal(inspected(stopped, '.State.ExitCode'), 75);
    assert.ok(seconds < STOP_SECONDS, `took ${seconds} s`);
    const again = start();
    const code = printed('wait', again);
    assert.equal(code, '0', printed('logs', again));
    printed('rm', again);
    assert.match(run('verify', '/tmp/out'), /./);
    return `75 after ${seconds.toFixed(1)} s, then ${code}`;
  } finally {
    printed('rm', '--force', stopped);
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${WAIT_MS / 1000} s`);
    await sleep(100);
  }
}
