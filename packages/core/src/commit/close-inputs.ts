import { StorageError, WinnowError } from '../errors.ts';
import { ledgerEntries } from '../ledger/entries.ts';
import { InputFold } from '../ledger/input-outcomes.ts';
import { compareKeys } from '../key-order.ts';
import { ledgerReceipts } from '../ledger/receipts.ts';
import { runKeys } from '../run-keys.ts';
import { inputOutcome } from '../shapes/generation.ts';
import type { InputOutcome } from '../shapes/generation.ts';
import type { MemoryClass, RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { isNotFound, parseJson } from './objects.ts';
import { readUnits } from './run-file.ts';
import { previousRunId } from './success.ts';
import type { TextCodec } from './text-codec.ts';
import { createText } from './text-objects.ts';

/** What became of every input up to some run, sorted by the UTF-8 bytes of the key. */
export async function* readInputs(
  storage: Storage,
  runId: string,
  codec: TextCodec,
): AsyncGenerator<InputOutcome> {
  const key = runKeys(runId).inputs;
  try {
    for await (const line of codec.lines(storage.read(key)))
      yield parseJson(Buffer.from(line), key, inputOutcome);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const hint = 'close that run first: run its command again';
    throw new StorageError('not-found', 'read', key, `run ${runId} is not closed`, { cause: error, hint });
  }
}

/** Writes `inputs.ndjson.zst` of a committed run, after its ledger: the outcomes of this run merged into the earlier ones. */
export async function writeInputs(storage: Storage, run: RunFile, codec: TextCodec): Promise<void> {
  const object = await createText(storage, runKeys(run.runId).inputs, codec);
  try {
    for await (const outcome of allOutcomes(storage, run, codec)) await object.write(JSON.stringify(outcome));
    await object.commit();
  } finally {
    await object.abort();
  }
}

/** Each input once, over this generation and those before. */
export async function* allOutcomes(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): AsyncGenerator<InputOutcome> {
  const before = await previousRunId(storage, run);
  // Within a memory class units are in the order of their inputs: one sorted stream a class.
  const streams = run.plan.classes.map((memory) => classOutcomes(storage, run, codec, memory));
  if (before !== undefined) streams.unshift(readInputs(storage, before, codec));
  const merge = run.frozen.layout === 'mirror' ? laterMirrorOutcome : laterOutcome;
  let held: InputOutcome | undefined;
  for await (const outcome of mergeSorted(streams, (a, b) => compareKeys(a.key, b.key))) {
    if (held?.key === outcome.key) {
      held = merge(held, outcome);
      continue;
    }
    if (held !== undefined) yield held;
    held = outcome;
  }
  if (held !== undefined) yield held;
}

/**
 * What holds for an input that an earlier generation knows too:
 *
 * | earlier          | later           | holds                                                          |
 * |------------------|-----------------|----------------------------------------------------------------|
 * | unread           | any             | the later look                                                 |
 * | any              | done            | the later look                                                 |
 * | done or refused  | refused, unread | the earlier: what was written stays, also if changed since     |
 */
export const laterOutcome = (earlier: InputOutcome, later: InputOutcome): InputOutcome =>
  earlier.outcome !== 'unread' && later.outcome !== 'done' ? earlier : later;

/**
 * The same in the layout `mirror`, where a later generation may replace what an earlier one wrote:
 *
 * | earlier          | later                                 | holds                                                         |
 * |------------------|---------------------------------------|---------------------------------------------------------------|
 * | any              | wrote an output                       | the later look                                                |
 * | done or refused  | unread though it had begun            | the earlier, unsettled: the input is to be done again         |
 * | done or refused  | unread, and so listed                 | the earlier                                                   |
 * | unread           | unread, or refused from its first byte| the later look, and the output's name that the earlier has    |
 * | done or refused  | refused from its first byte           | the later look, and the output of the earlier, which stands   |
 */
export function laterMirrorOutcome(earlier: InputOutcome, later: InputOutcome): InputOutcome {
  if (later.sha256 !== undefined) return later;
  if (later.outcome === 'unread' && earlier.outcome !== 'unread')
    return later.output === undefined ? earlier : { ...earlier, unsettled: true };
  const { output, sha256, unsettled } = earlier;
  return {
    ...later,
    ...(output !== undefined && { output }),
    ...(sha256 !== undefined && { sha256 }),
    ...((later.unsettled ?? unsettled) && { unsettled: true }),
  };
}

async function* classOutcomes(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
  { firstUnit, units }: MemoryClass,
): AsyncGenerator<InputOutcome> {
  const keys = runKeys(run.runId);
  const groups = ledgerReceipts(storage, keys, codec, firstUnit, firstUnit + units);
  const fold = new InputFold();
  let previous: string | undefined;
  const outcomesOf = function* (states: ReturnType<InputFold['end']>): Generator<InputOutcome> {
    for (const { input, state, part } of states) {
      if (previous !== undefined && compareKeys(previous, input.key) >= 0)
        throw new WinnowError(`plan of ${run.runId}: input ${input.key} stands after ${previous}`, {
          hint: 'report it: within a memory class a plan has each input once, in the order of the keys',
        });
      previous = input.key;
      const { key, size, pin, output } = input;
      const outcome = state === 'open' ? 'unread' : state;
      const unsettled = outcome === 'unread' && output !== undefined;
      yield {
        ...{ key, size, pin, outcome, runId: run.runId },
        ...(output !== undefined && { output }),
        ...(part !== undefined && { sha256: part.sha256 }),
        ...(unsettled && { unsettled }),
      };
    }
  };
  const ignore = (): void => undefined;
  for await (const entry of ledgerEntries(readUnits(storage, run, firstUnit, units), groups, ignore))
    yield* outcomesOf(fold.add(entry));
  yield* outcomesOf(fold.end());
}

/** Merges sorted streams into one; of equal items those of earlier streams come first. */
export async function* mergeSorted<T>(
  streams: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let least: { index: number; value: T } | undefined;
      for (const [index, head] of heads.entries()) {
        if (head.done !== true && (least === undefined || compare(head.value, least.value) < 0))
          least = { index, value: head.value };
      }
      if (least === undefined) return;
      yield least.value;
      const iterator = iterators[least.index];
      if (iterator !== undefined) heads[least.index] = await iterator.next();
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}
