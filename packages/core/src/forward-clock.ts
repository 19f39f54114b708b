/**
 * The time of day that never goes back while a process runs: where the machine's clock is set back it goes on from where it
 * was, as fast as `steadyMs` does. Else a wait of seconds would take as long as the clock was set back by, and things would
 * end before they began.
 *
 * @param wallMs the machine's clock, in milliseconds since 1970
 * @param steadyMs one that nobody sets, from whatever moment on
 */
export function forwardClock(wallMs: () => number, steadyMs: () => number): () => Date {
  let toldMs = wallMs();
  let steadyAtMs = steadyMs();
  return () => {
    const steady = steadyMs();
    toldMs = Math.max(wallMs(), toldMs + steady - steadyAtMs);
    steadyAtMs = steady;
    return new Date(toldMs);
  };
}
