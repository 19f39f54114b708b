import type { DiagnosticFact } from '../shapes/al3.ts';
import type { ByteCounts, RecordCounts, SkippedCounts } from '../shapes/counts.ts';
import type { DriftFact, Receipt } from '../shapes/receipt.ts';
import type { RunFile } from '../shapes/run.ts';
import type { LedgerProblem } from './balance.ts';
import type { LedgerEntry } from './entries.ts';
import { InputFold } from './input-outcomes.ts';

/** Problems and missing units are kept up to this many; the rest is only counted. */
const KEPT = 100;

/** The first entries of a list, and how many there are. */
export interface Capped<T> {
  total: number;
  readonly first: T[];
}

/** A run's ledger, added up. */
export interface LedgerSums {
  readonly records: RecordCounts;
  readonly skipped: SkippedCounts;
  readonly bytes: ByteCounts;
  lines: number;
  readonly units: { total: number; committed: number };
  subUnits: number;
  /** Distinct inputs of the plan. */
  readonly inputs: { total: number; done: number; refused: number };
  readonly refusals: { total: number };
  readonly parts: { total: number };
  /** By key. */
  readonly drift: Map<string, DriftFact>;
  /** By code. */
  readonly diagnostics: Map<string, DiagnosticFact>;
  /** Quarantined records by reason. */
  readonly quarantine: Map<string, number>;
  readonly problems: Capped<LedgerProblem>;
  /** Numbers of units that are not committed. */
  readonly missing: Capped<number>;
}

/** Adds to a list, or only to its count. */
export function keep<T>(list: Capped<T>, item: T): void {
  list.total++;
  if (list.first.length < KEPT) list.first.push(item);
}

/** Of nothing yet. */
export const emptySums = (): LedgerSums => ({
  records: { read: 0, written: 0, filtered: 0, quarantined: 0 },
  skipped: { blank: 0, bom: 0, header: 0 },
  bytes: { planned: 0, read: 0, refused: 0, decoded: 0, written: 0 },
  lines: 0,
  units: { total: 0, committed: 0 },
  subUnits: 0,
  inputs: { total: 0, done: 0, refused: 0 },
  refusals: { total: 0 },
  parts: { total: 0 },
  drift: new Map(),
  diagnostics: new Map(),
  quarantine: new Map(),
  problems: { total: 0, first: [] },
  missing: { total: 0, first: [] },
});

/** Adds up entries one by one, in the order of units. Memory: what differs by drifting key and by reason. */
export class Ledger {
  readonly sums: LedgerSums = emptySums();
  readonly #inputs = new InputFold();

  addProblem(problem: LedgerProblem): void {
    keep(this.sums.problems, problem);
  }

  add(entry: LedgerEntry): void {
    const { sums } = this;
    sums.units.total++;
    if (entry.committed) sums.units.committed++;
    else keep(sums.missing, entry.unit.unit);
    for (const receipt of entry.receipts) addReceipt(sums, receipt);
    for (const problem of entry.problems) this.addProblem(problem);
    this.#addInputs(this.#inputs.add(entry));
  }

  /** To be called once, after the last entry: judges the whole against the plan. */
  end(run: RunFile): LedgerSums {
    this.#addInputs(this.#inputs.end());
    const { sums } = this;
    const expectEqual = (what: string, value: number, of: string, expected: number): void => {
      if (value === expected) return;
      const message = `run ${run.runId}: ${what} ${value}, ${of} ${expected}`;
      keep(sums.problems, { kind: 'planned-bytes', unit: 0, sub: undefined, message });
    };
    expectEqual('inputs in units', sums.inputs.total, 'in run.json', run.plan.inputs);
    if (isComplete(sums))
      expectEqual('bytes accounted for', sums.bytes.planned, 'planned in run.json', run.plan.bytes);
    return sums;
  }

  #addInputs(states: ReturnType<InputFold['add']>): void {
    const { inputs } = this.sums;
    for (const { state } of states) {
      inputs.total++;
      if (state === 'done') inputs.done++;
      if (state === 'refused' || state === 'unread') inputs.refused++;
    }
  }
}

/** Every unit is committed. */
export const isComplete = (sums: LedgerSums): boolean => sums.units.committed === sums.units.total;

/** Every unit is committed and everything adds up. */
export const isBalanced = (sums: LedgerSums): boolean => isComplete(sums) && sums.problems.total === 0;

/** Adds numbers of the same names. */
function addCounts(to: Record<string, number>, from: Record<string, number>): void {
  for (const [name, value] of Object.entries(from)) to[name] = (to[name] ?? 0) + value;
}

export function addReceipt(sums: LedgerSums, receipt: Receipt): void {
  addCounts(sums.records, receipt.records);
  addCounts(sums.skipped, receipt.skipped);
  addCounts(sums.bytes, receipt.bytes);
  sums.lines += receipt.lines;
  sums.subUnits++;
  sums.parts.total += receipt.parts.length;
  sums.refusals.total += receipt.refused.length;
  for (const fact of receipt.drift) addDrift(sums.drift, fact);
  for (const fact of receipt.diagnostics ?? []) {
    const count = (sums.diagnostics.get(fact.code)?.count ?? 0) + fact.count;
    sums.diagnostics.set(fact.code, { ...fact, count });
  }
  for (const { reason, records } of receipt.quarantine?.reasons ?? [])
    sums.quarantine.set(reason, (sums.quarantine.get(reason) ?? 0) + records);
}

function addDrift(drift: Map<string, DriftFact>, { key, types, records }: DriftFact): void {
  const before = drift.get(key);
  if (before === undefined) drift.set(key, { key, types, records });
  else
    drift.set(key, {
      key,
      types: [...new Set([...before.types, ...types])].sort(),
      records: before.records + records,
    });
}
