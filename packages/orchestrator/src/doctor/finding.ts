import { WinnowError } from '@winnow/core';

/** What one look found. `unknown`: it could not be told, and says what it would take. */
export interface Finding {
  /** What was looked at: a word or two. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });

export const finding = (
  check: string,
  state: Exclude<Finding['state'], 'ok'>,
  message: string,
  hint: string,
): Finding => ({ check, state, message, hint });

/** What a failure says of the thing that was looked at. */
export function failedBy(check: string, error: unknown, state: 'failed' | 'unknown' = 'failed'): Finding {
  const message = String((error as Partial<Error> | null)?.message ?? error);
  const hint = error instanceof WinnowError ? error.hint : undefined;
  return { check, state, message, ...(hint === undefined ? {} : { hint }) };
}

/** Looks, and makes a failure a finding: the looks after it go on. */
export async function lookedAt(
  check: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [failedBy(check, error)];
  }
}

/** Looks at what no run depends on: where that cannot be had it is unknown. */
export async function tellable(
  check: string,
  permission: string,
  isDenied: (error: unknown) => boolean,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return isDenied(error)
      ? [finding(check, 'unknown', 'you may not see it', `allow ${permission} to your role`)]
      : [failedBy(check, error, 'unknown')];
  }
}
