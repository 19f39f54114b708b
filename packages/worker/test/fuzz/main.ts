/**
 * Fuzzes the way from stored bytes to receipts: mutated inputs in child processes with a limit of memory and of time.
 * No crash, no hang, and the account balances. A finding is written as `findings/<seed>.json`: kept there it is a test.
 *
 *     npm run fuzz -- [--minutes 1] [--seed 1]
 *
 * Exits 1 where something was found.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepFinding } from './finding.ts';
import { fuzzCase } from './fuzz-case.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** A case takes some milliseconds. */
const MOST_MS = 30_000;
const HEAP_MIB = 256;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const from = Number(values.seed);
let next = from;
let found = 0;

function keep(seed: number, problem: string): void {
  found++;
  keepFinding(fuzzCase(seed), problem);
  console.error(`finding: seed ${seed}: ${problem}`);
}

/** One child, until it ends or the time is over. */
async function runChild(): Promise<void> {
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, CHILD, String(next)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let why: 'hangs' | 'time is over' | undefined;
  const end = (reason: typeof why): void => {
    why ??= reason;
    child.kill('SIGKILL');
  };
  const over = setTimeout(() => end('time is over'), Math.max(0, endsAt - Date.now()));
  let watch = setTimeout(() => end('hangs'), MOST_MS);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
  });
  let current = next;
  let told = false;
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(watch);
    watch = setTimeout(() => end('hangs'), MOST_MS);
    if (line.startsWith('case ')) {
      current = Number(line.slice('case '.length));
      told = false;
    } else if (line.startsWith('finding ')) {
      const { seed, problem } = JSON.parse(line.slice('finding '.length)) as {
        seed: number;
        problem: string;
      };
      keep(seed, problem);
      told = true;
    }
  }
  const how = await ended;
  clearTimeout(watch);
  clearTimeout(over);
  next = current + 1;
  if (why !== 'time is over' && !told)
    keep(current, why === 'hangs' ? `took over ${MOST_MS} ms` : `crashed: ${how}`);
}

while (Date.now() < endsAt) await runChild();
console.log(`${next - from} cases from seed ${from} on, ${found} findings`);
process.exitCode = found > 0 ? 1 : 0;
