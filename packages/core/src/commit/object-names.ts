import { partPrefix } from '../run-keys.ts';
import type { RunKeys } from '../run-keys.ts';

/** A sub-unit, as names of receipts, parts and quarantine objects tell it. */
export interface SubUnitName {
  readonly unit: number;
  readonly sub: number;
}

const RECEIPT = /^([0-9]{6,})-([0-9]{4,})\.json$/;
const QUARANTINE = /^([0-9]{6,})-([0-9]{4,})(?:-r[0-9a-f]{8})?\.ndjson\.zst$/;
const PART = /^([0-9]{6,})-([0-9]{4,})(?:-r[0-9a-f]{8})?\.[a-z.]+$/;

function parse(pattern: RegExp, prefix: string, key: string): SubUnitName | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const found = pattern.exec(key.slice(prefix.length));
  return found === null ? undefined : { unit: Number(found[1]), sub: Number(found[2]) };
}

/** The sub-unit that a receipt's key names; undefined for what is no receipt. */
export const parseReceiptKey = (keys: RunKeys, key: string): SubUnitName | undefined =>
  parse(RECEIPT, keys.receipts, key);

export const parseQuarantineKey = (keys: RunKeys, key: string): SubUnitName | undefined =>
  parse(QUARANTINE, keys.quarantineFolder, key);

/** The sub-unit that a part of this run is of; undefined for anything else in the output. */
export const parsePartKey = (keys: RunKeys, key: string): SubUnitName | undefined =>
  parse(PART, partPrefix(keys.runId), key);
