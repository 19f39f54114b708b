import { filesOf } from '../../src/commit/commit-files.ts';
import { digestOf } from '../../src/commit/digest.ts';
import { highestGeneration, readGeneration, readSuccess } from '../../src/commit/generations.ts';
import { parseReceiptKey } from '../../src/commit/object-names.ts';
import { readRun, readUnits } from '../../src/commit/run-file.ts';
import { verifyRun } from '../../src/commit/verify.ts';
import { storedReceipts } from '../../src/ledger/receipts.ts';
import { schemaText } from '../../src/schema/schema-text.ts';
import { SUCCESS_KEY, runIdOf, runKeys } from '../../src/run-keys.ts';
import { receipt as receiptShape } from '../../src/shapes/receipt.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { MemoryContents } from '../storage/memory-storage.ts';
import { plainCodec } from './plain-codec.ts';
import { SPEC_HASH, toyCut, toyResult } from './small-run.ts';
import { runCommand } from './toy-command.ts';
import type { Settings } from './toy-command.ts';

const SEALED =
  /^_winnow\/(generations\/|[^/]+\/(run\.json|schema\.yaml|receipts\/|submissions\/|stop\/|ledger|inputs))/;

/** What must never change once it is there. */
export const isSealed = (key: string): boolean => SEALED.test(key);

/** At any moment: what a receipt lists is there, byte for byte; `_SUCCESS` stands only beside a complete run. */
export function stateFault(contents: MemoryContents): string | undefined {
  for (const generation of [0, 1, 2]) {
    const keys = runKeys(runIdOf(generation, SPEC_HASH));
    for (const [key, { bytes }] of contents.objects) {
      if (parseReceiptKey(keys, key) === undefined) continue;
      const receipt = receiptShape.parse(JSON.parse(Buffer.from(bytes).toString()));
      for (const [file, { sha256 }] of filesOf(receipt)) {
        const stored = contents.objects.get(file);
        if (stored === undefined) return `${key} lists ${file}, which is not there`;
        if (digestOf(stored.bytes).sha256 !== sha256) return `${key} lists ${file} with another hash`;
      }
    }
  }
  return successFault(contents);
}

function successFault(contents: MemoryContents): string | undefined {
  const success = contents.objects.get(SUCCESS_KEY);
  if (success === undefined) return undefined;
  const { runId } = JSON.parse(Buffer.from(success.bytes).toString()) as { runId: string };
  for (const name of [runKeys(runId).ledger, runKeys(runId).inputs, runKeys(runId).report])
    if (!contents.objects.has(name)) return `_SUCCESS names ${runId}, but ${name} is not there`;
  return undefined;
}

/**
 * Runs the same command until it has nothing to do; then every promise must hold: verify finds nothing, each unit is
 * committed once with the words that its input had (or as refused), each word is in exactly one place.
 */
export async function settledFault(
  contents: MemoryContents,
  texts: ReadonlyMap<string, string>,
  settings: Settings = {},
): Promise<string | undefined> {
  const storage = new MemoryStorage(contents);
  for (let rounds = 0; (await runCommand(storage, settings)) === 'ran'; rounds++)
    if (rounds === 4) return 'the command never comes to "nothing to do"';
  const highest = (await highestGeneration(storage)) ?? -1;
  if ((await readSuccess(storage)) !== highest) return `_SUCCESS does not name generation ${highest}`;
  const listed = new Set<string>();
  const covered: string[] = [];
  for (let generation = 0; generation <= highest; generation++) {
    const runId = runIdOf(generation, (await readGeneration(storage, generation)).specHash);
    for await (const finding of verifyRun(storage, runId, { codec: plainCodec })) return finding.message;
    const fault = await contentFault(storage, runId, texts, listed, covered);
    if (fault !== undefined) return fault;
  }
  if (new Set(covered).size !== covered.length) return `inputs twice: ${covered.sort().join()}`;
  const parts = [...contents.objects.keys()].filter(
    (key) => key.startsWith('part-') && !key.includes('-empty'),
  );
  const stray = parts.find((key) => !listed.has(key));
  return stray === undefined ? stateFault(contents) : `${stray} is in no receipt`;
}

async function contentFault(
  storage: MemoryStorage,
  runId: string,
  texts: ReadonlyMap<string, string>,
  listed: Set<string>,
  covered: string[],
): Promise<string | undefined> {
  const run = await readRun(storage, runId);
  const schema = storage.contents.objects.get(runKeys(runId).schema);
  if (schema === undefined || Buffer.from(schema.bytes).toString() !== schemaText(run.frozen.columns))
    return `the schema beside ${runId} is not that of its run.json`;
  const receipts = storedReceipts(storage, runKeys(runId));
  for await (const unit of readUnits(storage, run)) {
    covered.push(...unit.inputs.map(({ key }) => key));
    const group = await receipts.next();
    if (group.done === true || group.value.unit !== unit.unit) return `unit ${unit.unit} has no receipt`;
    for (const { receipt, sub } of group.value.found) {
      const refused = receipt!.refused;
      const gone = new Set(refused.map(({ input }) => input));
      const read = unit.inputs.filter(({ key }) => !gone.has(key)).map(({ key }) => texts.get(key) ?? '');
      const { words, last } = toyCut(unit, sub, read.join(' '));
      const expected = toyResult(run, unit, sub, words, refused, last);
      if (JSON.stringify(receipt) !== JSON.stringify(receiptShape.parse(expected.receipt)))
        return `unit ${unit.unit}-${sub}: its receipt is not what its input gives`;
      for (const key of filesOf(receipt!).keys()) listed.add(key);
    }
  }
  return undefined;
}
