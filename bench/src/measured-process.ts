import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How often the system is asked how large the process is: a peak never falls, so only the last moment can be missed. */
const LOOK_MS = 50;
/** Clock ticks of /proc/<pid>/stat in a second: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

export interface MeasuredProcess {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly wallSeconds: number;
  /** Of this process, not of those it starts. */
  readonly cpuSeconds: number;
  /** Most resident memory that it ever had (VmHWM), in bytes; not of those it starts. */
  readonly peakBytes: number;
  /** The same of the largest process that it started. */
  readonly childPeakBytes: number;
}

/** Runs a Node program to its end and tells what its one process took. Only Linux has `/proc`. */
export function runMeasured(args: readonly string[]): Promise<MeasuredProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  let stdout = '';
  let peakBytes = 0;
  let childPeakBytes = 0;
  let cpuSeconds = 0;
  const look = (): void => {
    if (pid === undefined) return;
    peakBytes = Math.max(peakBytes, peakOf(pid));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(pid));
    for (const child of childrenOf(pid)) childPeakBytes = Math.max(childPeakBytes, peakOf(child));
  };
  const timer = setInterval(look, LOOK_MS);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // The result is printed last: one more look just before the end.
    look();
    stdout += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearInterval(timer);
      const wallSeconds = (performance.now() - startedAt) / 1000;
      resolve({ exitCode, stdout, wallSeconds, cpuSeconds, peakBytes, childPeakBytes });
    });
  });
}

/** A file of a process; '' once it has ended. */
function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(procFile(pid, 'status'))?.[1] ?? 0) * 1024;

/** The fields of proc_pid_stat(5) from the third on: the second is a name in parentheses. */
function statFields(pid: number): string[] {
  const stat = procFile(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Processes whose parent (the fourth field) it is. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > pid && Number(statFields(other)[1]) === pid);

/** utime and stime: the fields 14 and 15. */
function cpuOf(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
}
