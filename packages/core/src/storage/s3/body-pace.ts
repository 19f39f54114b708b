/** Silence that ends a body. */
export const STALL_MS = 10_000;
/** A body that brings less than this within the time is slow: another connection is most often faster. */
export const SLOW_BYTES = 1 << 20;
export const SLOW_MS = 20_000;

export interface PaceLimits {
  readonly stallMs: number;
  readonly slowBytes: number;
  readonly slowMs: number;
}

export const PACE_LIMITS: PaceLimits = { stallMs: STALL_MS, slowBytes: SLOW_BYTES, slowMs: SLOW_MS };

/** Thrown for a body that does not come on: what is left of it is asked for again. */
export class SlowBodyError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Hands on the chunks of a body and throws when it stalls or is slow. Only the time that the reader waited for the body
 * counts, not what the reader took for itself.
 *
 * @param cancel ends the body
 */
export async function* paced(
  body: AsyncIterable<Uint8Array>,
  limits: PaceLimits,
  now: () => number,
  cancel: (reason: Error) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let waitedMs = 0;
  let bytes = 0;
  try {
    for (;;) {
      const asked = now();
      const step = await withinTime(chunks.next(), limits.stallMs, cancel);
      if (step.done === true) return;
      waitedMs += now() - asked;
      bytes += step.value.length;
      if (waitedMs > limits.slowMs) {
        if (bytes < limits.slowBytes) throw new SlowBodyError(`${bytes} bytes in ${Math.round(waitedMs)} ms`);
        waitedMs = 0;
        bytes = 0;
      }
      yield step.value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function withinTime<T>(promise: Promise<T>, ms: number, cancel: (reason: Error) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new SlowBodyError(`nothing came for ${ms} ms`);
      cancel(reason);
      reject(reason);
    }, ms);
  });
  try {
    return await Promise.race([promise, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
