import { partPrefix, type RunKeys } from '../run-keys.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * What a run needs only until it is finished, in the order in which it goes: without its plan no worker and no closer of the
 * run gets anywhere any more. `sweeps/` is not among it: a sweep that was paused may still remove the outputs that it has
 * announced, and planners of later generations must see that.
 */
export const WORKING_KINDS = [
  'plan',
  'receipts',
  'submissions',
  'attempts',
  'logs',
  'claims',
  'stop',
  'parts',
] as const;
export type WorkingKind = (typeof WORKING_KINDS)[number];

export interface WorkingObject {
  readonly kind: WorkingKind;
  readonly key: string;
  readonly bytes: number;
}

const folderOf = (keys: RunKeys, kind: WorkingKind): string =>
  ({
    plan: keys.planFolder,
    receipts: keys.receipts,
    submissions: keys.submissions,
    attempts: keys.attempts,
    logs: keys.logs,
    claims: keys.claims,
    stop: keys.stops,
    parts: keys.staged,
  })[kind];

/** How the names in these folders look, as `RunKeys` makes them: anything else there is not Winnow's. */
const NAMES: Readonly<Record<Exclude<WorkingKind, 'parts'>, RegExp>> = {
  plan: /^[0-9a-f]{64}\/\d{6,}\.ndjson$/,
  receipts: /^\d{6,}-\d{4,}\.json$/,
  submissions: /^\d+\.(?:intent|outcome|job|shards)\.json$/,
  attempts: /^\d+\/\d+-[^/]+\.json$/,
  logs: /^\d+\/\d+-[^/]+\.ndjson\.zst$/,
  claims: /^(?:\d+|plan)\/\d+(?:\.(?:done|failed))?\.json$/,
  stop: /^\d+\.json$/,
};

/** The working objects of one kind that are there. */
export async function* workingObjects(
  storage: Storage,
  keys: RunKeys,
  kind: WorkingKind,
): AsyncGenerator<WorkingObject> {
  const folder = folderOf(keys, kind);
  for await (const { key, size } of storage.list(folder)) {
    const name = key.slice(folder.length);
    const isOurs = kind === 'parts' ? name.startsWith(partPrefix(keys.runId)) : NAMES[kind].test(name);
    if (isOurs) yield { kind, key, bytes: size };
  }
}
