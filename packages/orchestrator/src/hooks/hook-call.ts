import type { Waiting } from '@winnow/core';
import type { RunSummary } from './run-summary.ts';
import type { GetSecret, Variables } from './reveal-secrets.ts';

/** What a hook is told, and the outside that it needs. */
export interface HookCall {
  readonly summary: RunSummary;
  /** Of this process: commands inherit it, and it says where secrets are. */
  readonly environment: Variables;
  readonly getSecret: GetSecret;
  readonly waiting: Waiting;
  /** Absolute: where a command runs. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Why a hook failed, for people; undefined where it did not. */
export type HookFailure = string | undefined;
