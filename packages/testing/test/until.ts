import { setTimeout as sleep } from 'node:timers/promises';

/** Waits as long as it takes: the first value that is there. */
export async function until<Value>(
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    await sleep(20);
  }
}
