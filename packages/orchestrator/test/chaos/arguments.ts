import { parseArgs } from 'node:util';

export interface ChaosArguments {
  /** Of the first job; each next one has the next seed. */
  readonly seed: number;
  /** Deadly signals to deliver before the last job is let go to its end. */
  readonly kills: number;
  /** Keeps the folders also where nothing was wrong. */
  readonly keep: boolean;
  /** The summary as one line of JSON on standard output. */
  readonly json: boolean;
}

/** Thrown for a command line that cannot be understood. */
export class ArgumentError extends Error {}

const MAX_SEED = 2 ** 32 - 1;
const MAX_KILLS = 1_000_000;

/** @throws ArgumentError naming the flag, the rule and the value */
export function parseChaosArguments(words: readonly string[]): ChaosArguments {
  const { seed, kills, keep, json } = readFlags(words);
  return {
    seed: whole('seed', seed ?? '1', 0, MAX_SEED),
    kills: whole('kills', kills ?? '50', 1, MAX_KILLS),
    keep: keep === true,
    json: json === true,
  };
}

function readFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        seed: { type: 'string' },
        kills: { type: 'string' },
        keep: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError((error as Error).message, { cause: error });
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new ArgumentError(`--${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
