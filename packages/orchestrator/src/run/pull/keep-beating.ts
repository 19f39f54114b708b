/** How often claims are beaten: far within the time after which they count as left behind (`STALE_MS`). */
const BEAT_MS = 10_000;

interface Beating {
  /** Says of claims that whoever has them is alive. */
  readonly beat: () => Promise<void>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of a beat that failed: claims that are not beaten are taken over at worst, which costs work done twice. */
  readonly warn: (error: unknown) => void;
}

/** Beats claims until the signal is aborted. */
export async function keepBeating({ beat, sleep, warn }: Beating, signal: AbortSignal): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    await sleep(BEAT_MS, signal).catch(() => undefined);
    if (!isOver()) await beat().catch(warn);
  }
}
