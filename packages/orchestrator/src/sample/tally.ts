import type { SampleRecord } from './event-record.ts';
import type { FileWriter } from './file-writer.ts';
import type { BadPlace, SampleManifest } from './manifest.ts';
import type { SampleRequest } from './request.ts';

/** What was planted so far. */
export interface Tally {
  stored: number;
  decoded: number;
  good: number;
  blank: number;
  bom: number;
  lines: number;
  drifting: number;
  readonly bad: BadPlace[];
  addRecord(record: SampleRecord): void;
  readonly sums: { score: number; eventId: bigint };
  readonly drift: Map<string, { types: Set<string>; records: number }>;
}

export function emptyTally(): Tally {
  return {
    stored: 0,
    decoded: 0,
    good: 0,
    blank: 0,
    bom: 0,
    lines: 0,
    drifting: 0,
    bad: [],
    sums: { score: 0, eventId: 0n },
    drift: new Map(),
    addRecord({ score, eventId, drift }) {
      this.good += 1;
      this.sums.score += score;
      this.sums.eventId += eventId;
      if (drift.length > 0) this.drifting += 1;
      for (const [key, type] of drift) {
        const fact = this.drift.get(key) ?? { types: new Set(), records: 0 };
        fact.types.add(type);
        fact.records += 1;
        this.drift.set(key, fact);
      }
    },
  };
}

export function tallyFile(tally: Tally, { decoded, stored }: FileWriter): void {
  tally.decoded += decoded;
  tally.stored += stored;
}

export function manifestOf(request: SampleRequest, tally: Tally): SampleManifest {
  const { output: _output, ...rest } = request;
  const { good, bad, blank, bom, lines, sums, stored, decoded, drifting } = tally;
  const badByKind: Record<string, number> = {};
  for (const { kind } of bad) badByKind[kind] = (badByKind[kind] ?? 0) + 1;
  const drift = [...tally.drift].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    request: rest,
    files: request.files,
    bytes: { stored, decoded },
    records: { total: good + bad.length, good, bad: bad.length },
    skipped: { blank, bom },
    lines,
    sums: { score: sums.score, eventId: String(sums.eventId) },
    badByKind,
    drift: Object.fromEntries(
      drift.map(([key, { types, records }]) => [key, { types: [...types].sort(), records }]),
    ),
    driftingRecords: drifting,
    bad,
  };
}
