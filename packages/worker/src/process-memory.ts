import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The most resident memory that this process ever had, in bytes.
 *
 * Linux: VmHWM (proc_pid_status(5)). `resourceUsage().maxRSS` counts what a process was before exec too: a worker
 * that a large process starts would look as large as that one. Elsewhere there is nothing better.
 */
export function peakMemoryBytes(): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(ownStatus())?.[1];
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) * 1024;
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1');
  } catch {
    return '';
  }
}

let collect: (() => void) | undefined;

/**
 * Has the JavaScript engine collect all garbage now. Memory of a kernel that was replaced waits for that, and the
 * engine, which knows nothing of our limit, may let it wait for long.
 */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
