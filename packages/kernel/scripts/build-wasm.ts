/**
 * Compiles `assembly/` to `wasm/kernel.wasm`, which is committed: users need no compiler.
 * With `--check` nothing is written: fails if the committed file is not what the source gives.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const target = join(here, 'wasm/kernel.wasm');
const compiler = fileURLToPath(import.meta.resolve('assemblyscript/asc')).replace(
  'dist/asc.js',
  'bin/asc.js',
);

const FLAGS = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'minimal'],
  ...['--enable', 'simd', '--enable', 'bulk-memory', '--maximumMemory', '65536'],
];

function compile(outFile: string): void {
  execFileSync(process.execPath, [compiler, 'assembly/index.ts', '--outFile', outFile, ...FLAGS], {
    cwd: here,
    stdio: 'inherit',
  });
}

function check(): void {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-wasm-'));
  try {
    compile(join(folder, 'kernel.wasm'));
    if (readFileSync(join(folder, 'kernel.wasm')).equals(readFileSync(target))) return;
    console.error('wasm/kernel.wasm is not what assembly/ gives: run npm run wasm -w @winnow/kernel');
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv.includes('--check')) check();
else compile(target);
