import type { RunEvent } from '../../events.ts';

/** Lines for failures of one cause and message; what holds for all shards need not be said ten thousand times. */
const LINES_EACH = 3;
/** Causes and messages that are told apart. */
const MAX_KINDS = 100;

/** Puts failures of shards into words, the first few of each kind. */
export function failureNotes(): (event: Extract<RunEvent, { kind: 'shard-failed' }>) => string | undefined {
  const seen = new Map<string, number>();
  return ({ shard, cause, message, again }) => {
    const words = `failed (${cause}): ${message}${again ? ': trying again' : ''}`;
    const kind = seen.has(words) || seen.size < MAX_KINDS ? words : cause;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (count <= LINES_EACH) return `winnow: shard ${shard} ${words}`;
    return count === LINES_EACH + 1 ? `winnow: more shards ${words}` : undefined;
  };
}
