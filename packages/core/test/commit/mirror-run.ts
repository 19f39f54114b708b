import { refusalSuffix } from '../../src/commit/compare-receipts.ts';
import type { SubUnitResult } from '../../src/commit/commit-sub-unit.ts';
import { replacementsOf } from '../../src/commit/commit-files.ts';
import { readInputs } from '../../src/commit/close-inputs.ts';
import { earlierOutputs } from '../../src/commit/earlier-outputs.ts';
import { digestOf, storedDigest } from '../../src/commit/digest.ts';
import { highestGeneration } from '../../src/commit/generations.ts';
import { isNotFound } from '../../src/commit/objects.ts';
import { SweptNames } from '../../src/commit/sweep-outputs.ts';
import { EarlierVersions } from '../../src/plan/earlier-versions.ts';
import { newInputs } from '../../src/plan/new-inputs.ts';
import { runKeys } from '../../src/run-keys.ts';
import type { Receipt } from '../../src/shapes/receipt.ts';
import type { Refusal } from '../../src/shapes/refusal.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import { plannedBytes, type PlannedInput, type Unit } from '../../src/shapes/unit.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { plainCodec } from './plain-codec.ts';
import { quarantineLine, readInput, SPEC_HASH } from './small-run.ts';

/** The toy in the layout `mirror`: the output of an input is the JSON of its good words, below this folder. */
export const OUTPUTS = 'mirrored/';

export const outputOf = (key: string, extension = 'json'): string => `${OUTPUTS}${key}.${extension}`;

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const isBad = (word: string): boolean => word.startsWith('x');

/** Another spec gives other bytes. */
export const outputBytes = (text: string, specHash = SPEC_HASH): Uint8Array =>
  Buffer.from(
    JSON.stringify(wordsOf(text).filter((word) => !isBad(word))) +
      (specHash === SPEC_HASH ? '' : ` ${specHash.slice(0, 2)}`),
  );

/** What a generation after `previous` has to do, by the planner's own rule. */
export async function newMirrorInputs(
  storage: Storage,
  previous: string | undefined,
  listed: readonly PlannedInput[],
  { extension, replaces }: { extension?: string | undefined; replaces?: true | undefined } = {},
): Promise<PlannedInput[]> {
  const standing = async (key: string): Promise<string | undefined> => {
    try {
      return (await storedDigest(storage, key)).sha256;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const highest = (await highestGeneration(storage)) ?? 0;
  const swept = await SweptNames.before(storage, highest);
  const isSwept = (key: string, runId: string): boolean => swept.has(key, runId);
  const stream = async function* () {
    for (const input of listed) yield await Promise.resolve(input);
  };
  const planned =
    previous === undefined
      ? listed
      : await Array.fromAsync(
          newInputs(stream(), readInputs(storage, previous, plainCodec), {
            layout: 'mirror',
            standing,
            isSwept,
          }),
        );
  const earlier = () => earlierOutputs(storage, highest, plainCodec);
  const lost = new Set(replaces ? await Array.fromAsync(swept.lost(earlier())) : swept.names);
  const nameOf = (key: string): string =>
    lost.has(outputOf(key, extension)) ? outputOf(`${key}~`, extension) : outputOf(key, extension);
  const versions = new EarlierVersions();
  if (replaces) for await (const version of earlier()) versions.add(version);
  return planned.map((input) => {
    const output = input.output ?? nameOf(input.key);
    return { ...input, output, ...versions.of(output) };
  });
}

/** Reads a unit's inputs, each whole or, where its pin (its size) holds no more, not at all. */
export async function makeMirrorUnit(storage: Storage, run: RunFile, unit: Unit): Promise<SubUnitResult> {
  const keys = runKeys(run.runId);
  const refused: Refusal[] = [];
  const parts: Receipt['parts'] = [];
  const bytes = new Map<string, Uint8Array>();
  const words: string[] = [];
  for (const { key, size, output = '' } of unit.inputs) {
    const text = await readInput(storage, key);
    if (text?.length !== size) {
      const reason = text === undefined ? 'vanished' : 'changed';
      refused.push({ input: key, reason, offset: 0, bytes: size, detail: reason });
      continue;
    }
    words.push(...wordsOf(text));
    const made = outputBytes(text, run.specHash);
    bytes.set(output, made);
    const rows = wordsOf(text).filter((word) => !isBad(word)).length;
    parts.push({ key: output, rows, ...digestOf(made), input: key });
  }
  const bad = words.filter(isBad);
  const badBytes = Buffer.from(bad.map((raw) => `${JSON.stringify(quarantineLine(unit, raw))}\n`).join(''));
  const badKey = keys.quarantine(unit.unit, 0, refusalSuffix(refused));
  const planned = plannedBytes(unit);
  const refusedBytes = refused.reduce((sum, refusal) => sum + refusal.bytes, 0);
  const receipt: Receipt = {
    ...{ runId: run.runId, unit: unit.unit, sub: 0, last: true },
    records: {
      read: words.length,
      written: words.length - bad.length,
      filtered: 0,
      quarantined: bad.length,
    },
    skipped: { blank: 0, bom: 0, header: 0 },
    lines: words.length,
    bytes: {
      planned,
      read: planned - refusedBytes,
      refused: refusedBytes,
      decoded: words.join('').length,
      written: parts.reduce((sum, part) => sum + part.bytes, 0),
    },
    decodedEnd: 0,
    parts,
    ...(bad.length > 0 && {
      quarantine: {
        key: badKey,
        ...digestOf(badBytes),
        reasons: [{ reason: 'bad-word', records: bad.length }],
      },
    }),
    drift: [],
    refused,
  };
  const pend = async (key: string, content: Uint8Array) => {
    const pending = await storage.create(key);
    await pending.write(content);
    return pending;
  };
  return {
    receipt,
    parts: await Promise.all([...bytes].map(([key, content]) => pend(key, content))),
    quarantine: bad.length > 0 ? await pend(badKey, badBytes) : undefined,
    replaces: replacementsOf(unit),
  };
}
