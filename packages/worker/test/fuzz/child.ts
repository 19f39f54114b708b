/** Runs cases from a seed on until it is ended; tells each before it begins, so that whoever watches knows what ended it. */
import { fuzzCase } from './fuzz-case.ts';
import { runCase } from './run-case.ts';

/** The engine, its buffers and the kernel; a case itself has some kilobytes. */
const MOST_RESIDENT_KIB = 600 * 1024;

for (let seed = Number(process.argv[2]); ; seed++) {
  process.stdout.write(`case ${seed}\n`);
  const problem = await runCase(fuzzCase(seed));
  if (problem !== undefined) process.stdout.write(`finding ${JSON.stringify({ seed, problem })}\n`);
  if (process.resourceUsage().maxRSS > MOST_RESIDENT_KIB) {
    process.stdout.write(
      `finding ${JSON.stringify({ seed, problem: 'more memory than a case may take' })}\n`,
    );
    process.exit(1);
  }
}
