/** Exit codes of the worker: part of the environment contract, read by retry rules of every backend. */
export const WORKER_EXIT = {
  committed: 0,
  /** Committed, but a unit quarantined more than the limit: do not retry. */
  refused: 65,
  bug: 70,
  /** Interrupted, or a failure that may pass: run me again. */
  again: 75,
  cancelled: 76,
  /** Bad configuration, or a run of another engine. */
  configuration: 78,
  /** Out of memory: as the kernel's SIGKILL would show. */
  outOfMemory: 137,
} as const;

/** Exit codes of the `winnow` command. */
export const CLI_EXIT = {
  ok: 0,
  /** Something failed, was refused, or was quarantined beyond the limit; the rest is done. */
  incomplete: 1,
  /** Usage or configuration error; nothing was started. */
  usage: 2,
  interrupted: 130,
  terminated: 143,
} as const;
