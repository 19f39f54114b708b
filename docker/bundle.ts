/**
 * Bundles all that a container runs into `dist/`: `winnow.js`, its entry point, and `worker.js`, which it starts processes
 * of. Nothing else is needed beside Node.
 *
 *     npm run bundle -w @winnow/docker
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, 'dist');
/** Of what is above Node in the image. */
const MOST_COMPRESSED = 1024 * 1024;
const OURS = /[/\\]packages[/\\](?:kernel|core|worker|orchestrator)[/\\]dist[/\\].*\.js$/;

/**
 * Files that our own modules find by their own place, and the program of the worker: in a bundle all lie beside it.
 */
const besideTheBundle: Plugin = {
  name: 'beside-the-bundle',
  setup(bundle) {
    bundle.onLoad({ filter: OURS }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text
        .replaceAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g, (_, relative: string) => {
          const file = join(dirname(path), relative);
          cpSync(file, join(DIST, basename(file)));
          return `new URL('./${basename(file)}', import.meta.url)`;
        })
        // Of a module, other than of an object in it, only what is used comes along.
        .replaceAll("import { z } from 'zod'", "import * as z from 'zod'")
        .replaceAll(
          "import.meta.resolve('@winnow/worker/main')",
          "new URL('./worker.js', import.meta.url).href",
        );
      return { contents, loader: 'js' };
    });
  },
};

rmSync(DIST, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    winnow: join(HERE, 'entry.ts'),
    worker: fileURLToPath(import.meta.resolve('@winnow/worker/main')),
  },
  outdir: DIST,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Packages in both forms are taken as modules, of which only what is used comes along.
  mainFields: ['module', 'main'],
  // Names stay: stack traces are read by people.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  // Beside the files that modules find by their own place.
  chunkNames: '[name]-[hash]',
  // What came as CommonJS asks for modules of Node by `require`.
  banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  plugins: [besideTheBundle],
  logLevel: 'warning',
});

const kib = (bytes: number): number => Math.ceil(bytes / 1024);
const files = readdirSync(DIST).map((name) => readFileSync(join(DIST, name)));
const stored = files.reduce((sum, { length }) => sum + length, 0);
const compressed = files.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
console.log(`${files.length} files, ${kib(stored)} KiB, ${kib(compressed)} KiB compressed`);
if (compressed > MOST_COMPRESSED) {
  // Who made it larger on purpose raises the limit, and says so where the README tells the size.
  console.error(
    `the bundle must have ${kib(MOST_COMPRESSED)} KiB compressed at most: see what was added to it`,
  );
  for (const [name, { bytes }] of Object.entries(metafile.outputs).sort(([, a], [, b]) => b.bytes - a.bytes))
    console.error(`  ${kib(bytes)} KiB  ${basename(name)}`);
  process.exitCode = 1;
}
