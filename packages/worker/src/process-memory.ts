import { readFileSync } from 'node:fs';

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
