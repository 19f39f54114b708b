import { z } from 'zod';
import { parseRecordsPath } from '../input/records-path.ts';
import type { QuarantineLimit, ShardTolerance } from '../shapes/submission.ts';
import { parseDuration } from './duration.ts';
import { hookKind } from './hook-text.ts';
import { namesSecretsWell } from './secret-names.ts';
import { MIB, parseSize, sizeText } from './size.ts';

/**
 * Types of the spec's fields as people write them: in YAML as numbers, in flags and variables as text. Every message
 * is a rule that follows the field's name ("must be …"); `problems.ts` adds the name and the value.
 */
type Parse<T> = (value: unknown) => T | undefined;

/** A field that `parse` reads; what it cannot read breaks `rule`. */
function readBy<T>(rule: string, parse: Parse<T>) {
  return z.unknown().transform((value, context): T => {
    const parsed = value === undefined ? undefined : parse(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: rule, input: value });
    return z.NEVER;
  });
}

const inside = (value: number | undefined, min: number, max: number): number | undefined =>
  value !== undefined && value >= min && value <= max ? value : undefined;

const asNumber: Parse<number> = (value) => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
};

export const wholeNumber = (min: number, max: number) =>
  readBy(`must be a whole number from ${min} to ${max}`, (value) => {
    const parsed = inside(asNumber(value), min, max);
    return Number.isSafeInteger(parsed) ? parsed : undefined;
  });

/** Bytes, with a suffix or without. */
export const size = (min: number, max: number) =>
  readBy(`must be a size from ${sizeText(min)} to ${sizeText(max)}, such as 64MiB`, (value) =>
    inside(parseSize(value), min, max),
  );

/** Whole MiB; a number without suffix counts MiB. A part of a MiB is cut off: never more than was allowed. */
export const memoryMiB = (min: number, max: number) =>
  readBy(
    `must be from ${sizeText(min * MIB)} to ${sizeText(max * MIB)}, such as 512 (MiB) or 2GiB`,
    (value) => {
      const bytes = parseSize(value, MIB);
      return inside(bytes === undefined ? undefined : Math.floor(bytes / MIB), min, max);
    },
  );

/** `25`; `1%` or `0.01`. `1` is one: all of them is `100%`. */
const countOrShare: Parse<{ readonly count: number } | { readonly share: number }> = (value) => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (percent === '%') return number <= 100 ? { share: number / 100 } : undefined;
  if (Number.isSafeInteger(number)) return { count: number };
  return number < 1 ? { share: number } : undefined;
};

/** Records, or a share of the records. */
export const quarantineLimit = readBy<QuarantineLimit>(
  'must be a count of records (25) or a share of them (1% or 0.01)',
  (value) => {
    const limit = countOrShare(value);
    return limit && 'count' in limit ? { records: limit.count } : limit;
  },
);

export const shardTolerance = readBy<ShardTolerance>(
  'must be a count of shards (5) or a share of them (1% or 0.01)',
  (value) => {
    const limit = countOrShare(value);
    return limit && 'count' in limit ? { shards: limit.count } : limit;
  },
);

const HOUR_MS = 3_600_000;

/** How long something is kept, in milliseconds: an hour at least, for what is still in hand may need it. */
export const keptFor = readBy('must be a time of 1h or more, such as 12h or 30d', (value) =>
  typeof value === 'string' ? inside(parseDuration(value.trim()), HOUR_MS, Infinity) : undefined,
);

/** US dollars. */
export const dollars = readBy('must be an amount of US dollars, such as 25 or 0.5', (value) => {
  const amount = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
});

/** A name or ARN of something that a service keeps. */
export const resourceName = readBy('must be a name or an ARN', (value) =>
  typeof value === 'string' && /^[\w:/+=,.@-]+$/.test(value) ? value : undefined,
);

/** `{ team: data }`, or as text `team=data,stage=test`. */
export const tags = readBy<Readonly<Record<string, string>>>(
  'must be keys with values: team=data,stage=test',
  (value) => {
    const pairs: readonly (readonly unknown[])[] | undefined =
      typeof value === 'string'
        ? value.split(',').map((pair) => pair.split('='))
        : typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.entries(value)
          : undefined;
    if (pairs === undefined) return undefined;
    const isPair = (pair: readonly unknown[]): boolean =>
      pair.length === 2 && pair[0] !== '' && ['string', 'number', 'boolean'].includes(typeof pair[1]);
    return pairs.every(isPair)
      ? Object.fromEntries(pairs.map(([key, text]) => [String(key).trim(), String(text).trim()]))
      : undefined;
  },
);

/** What is told of a run's end: one hook, or a list of them. */
export const hooks = readBy<readonly string[]>(
  'must be a command, a URL (https://…), or the ARN of an SNS topic or an EventBridge bus; or a list of them',
  (value) => {
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isHook = (text: unknown): text is string =>
      typeof text === 'string' && !text.includes('\0') && hookKind(text.trim()) !== undefined;
    return texts.every(isHook) ? texts.map((text) => text.trim()) : undefined;
  },
).refine((texts) => texts.every(namesSecretsWell), {
  error: 'must name secrets as ${secret:NAME}, in capitals, digits and _',
});

/** Of a container: the numbers that Fargate has. */
export const vcpus = readBy('must be one of 0.25, 0.5, 1, 2, 4, 8, 16, 32', (value) =>
  [0.25, 0.5, 1, 2, 4, 8, 16, 32].find((number) => String(number) === String(value).trim()),
);

/** True or false, as flags, YAML and variables write it. */
export const truth = readBy('must be true or false', (value) => {
  if (value === true || value === 'true' || value === '1') return true;
  return value === false || value === 'false' || value === '0' ? false : undefined;
});

/** One of `here`; what comes `later` is named as such. */
export function choice<const T extends string>(here: readonly T[], later: readonly string[] = []) {
  const listed = here.join(', ');
  return z.unknown().transform((value, context): T => {
    const chosen = here.find((name) => name === value);
    if (chosen !== undefined) return chosen;
    const known = typeof value === 'string' && later.includes(value);
    const rule = known
      ? `is not in this release; it has ${listed}`
      : `must be ${here.length > 1 ? 'one of ' : ''}${listed}`;
    context.addIssue({ code: 'custom', message: rule, input: value });
    return z.NEVER;
  });
}

export const recordsPath = readBy(
  'must be keys with dots between them (Records, detail.items) or a JSON Pointer (/detail/items)',
  (value) => (typeof value === 'string' && parseRecordsPath(value) !== undefined ? value : undefined),
);

/** A path or URI of a place that can be reached: the disk, or S3. */
export const place = readBy('must be a path or an S3 URI', (value) =>
  typeof value === 'string' && value !== '' ? value : undefined,
).refine((value) => !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^(?:file|s3):\/\//i.test(value), {
  error: 'must be a path or s3://BUCKET/PREFIX',
});
