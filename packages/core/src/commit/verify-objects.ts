import { counted } from '../counted.ts';
import { WinnowError } from '../errors.ts';
import type { PartFact, Receipt } from '../shapes/receipt.ts';
import { quarantineLine } from '../shapes/quarantine-line.ts';
import type { Storage } from '../storage/storage.ts';
import { storedDigest } from './digest.ts';
import type { Finding } from './finding.ts';
import { isNotFound, parseJson } from './objects.ts';
import type { TextCodec } from './text-codec.ts';

export interface ObjectCheck {
  readonly codec: TextCodec;
  /** Rows that a part's own footer tells; without it rows are believed. */
  readonly countRows?: ((part: PartFact) => Promise<number>) | undefined;
  /** Where a part stands that a receipt lists under that key: another place once its run was published. */
  readonly placeOf?: ((key: string) => string) | undefined;
  /** Whether a part was replaced by a later generation: then it is not looked for. */
  readonly isSuperseded?: ((part: PartFact) => Promise<boolean>) | undefined;
}

/** Proves that every object that a receipt lists is there, with that hash and that many rows or lines. */
export async function* verifyObjects(
  storage: Storage,
  receipt: Receipt,
  check: ObjectCheck,
): AsyncGenerator<Finding> {
  for (const listed of receipt.parts) {
    const part = { ...listed, key: check.placeOf?.(listed.key) ?? listed.key };
    if (await check.isSuperseded?.(part)) continue;
    const wrong = await digestFault(storage, part);
    if (wrong !== undefined) yield { kind: 'part', key: part.key, message: wrong };
    else yield* verifyRows(part, check);
  }
  if (receipt.quarantine === undefined) return;
  const { key } = receipt.quarantine;
  const wrong =
    (await digestFault(storage, receipt.quarantine)) ??
    (await quarantineFault(storage, receipt.quarantine, check));
  if (wrong !== undefined) yield { kind: 'quarantine', key, message: wrong };
}

async function digestFault(
  storage: Storage,
  listed: { key: string; bytes: number; sha256: string },
): Promise<string | undefined> {
  try {
    const found = await storedDigest(storage, listed.key);
    if (found.bytes === listed.bytes && found.sha256 === listed.sha256) return undefined;
    return `${listed.key}: has ${counted(found.bytes, 'byte')} with sha256 ${found.sha256}, its receipt lists ${listed.bytes} with ${listed.sha256}`;
  } catch (error) {
    if (isNotFound(error)) return `${listed.key}: is not there, but its receipt lists it`;
    throw error;
  }
}

async function* verifyRows(part: PartFact, { countRows }: ObjectCheck): AsyncGenerator<Finding> {
  if (countRows === undefined) return;
  const rows = await countRows(part);
  if (rows === part.rows) return;
  yield {
    kind: 'part',
    key: part.key,
    message: `${part.key}: holds ${counted(rows, 'row')}, its receipt lists ${part.rows}`,
  };
}

async function quarantineFault(
  storage: Storage,
  { key, reasons }: NonNullable<Receipt['quarantine']>,
  { codec }: ObjectCheck,
): Promise<string | undefined> {
  const found = new Map<string, number>();
  try {
    for await (const line of codec.lines(storage.read(key))) {
      const { reason } = parseJson(Buffer.from(line), key, quarantineLine);
      found.set(reason, (found.get(reason) ?? 0) + 1);
    }
  } catch (error) {
    if (error instanceof WinnowError && !error.retryable) return error.message;
    throw error;
  }
  const text = (counts: Iterable<readonly [string, number]>): string =>
    [...counts]
      .map(([reason, records]) => `${records} × ${reason}`)
      .sort()
      .join(', ');
  const [theirs, ours] = [text(reasons.map(({ reason, records }) => [reason, records])), text(found)];
  return theirs === ours
    ? undefined
    : `${key}: holds ${ours || 'nothing'}, its receipt lists ${theirs || 'nothing'}`;
}
