import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
}

/** Runs a Node program to its end and tells what its one process took. Only Linux has `/proc`. */
export function runMeasured(args: readonly string[]): Promise<MeasuredProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  let stdout = '';
  let peakBytes = 0;
  let cpuSeconds = 0;
  const look = (): void => {
    if (pid === undefined) return;
    peakBytes = Math.max(peakBytes, peakOf(pid));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(pid));
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
      resolve({ exitCode, stdout, wallSeconds, cpuSeconds, peakBytes });
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

/** utime and stime: fields 14 and 15 of proc_pid_stat(5), the 12th and 13th behind the name in parentheses. */
function cpuOf(pid: number): number {
  const stat = procFile(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
}
