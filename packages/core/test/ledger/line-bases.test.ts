import { describe, expect, test } from '@jest/globals';
import { createJson } from '../../src/commit/objects.ts';
import { placedUnits } from '../../src/ledger/line-bases.ts';
import { runKeys } from '../../src/run-keys.ts';
import type { Receipt } from '../../src/shapes/receipt.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import type { Unit } from '../../src/shapes/unit.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { allOf } from '../commit/all-of.ts';
import { plainCodec } from '../commit/plain-codec.ts';
import { toyResult, toyRun } from '../commit/small-run.ts';
import { REAL } from '../commit/toy-command.ts';
import { freshMemory } from '../storage/memory-storage.ts';

type Planned = Omit<Unit, 'unit' | 'decoded' | 'memoryMiB'>;

const input = (key: string) => ({ key, size: 30, pin: '' });
const whole = (...keys: string[]): Planned => ({ inputs: keys.map(input) });
const stream = (key: string): Planned => ({ inputs: [input(key)], subUnits: true });
const range = (key: string, start: number): Planned => ({
  inputs: [input(key)],
  range: { start, end: start + 10 },
});

/** What a sub-unit committed: its lines, and whether something of it was refused or more is to come. */
interface Committed {
  readonly lines: number;
  readonly isRefused?: boolean;
  readonly isOpen?: boolean;
}

async function plannedOf(
  planned: readonly Planned[],
): Promise<{ storage: Storage; run: RunFile; units: Unit[] }> {
  const storage = await freshMemory();
  const units = planned.map((unit, n): Unit => ({ unit: n, ...unit, decoded: 0, memoryMiB: 256 }));
  const run = toyRun(units, [{ memoryMiB: 256, firstUnit: 0, units: units.length }]);
  await REAL.seal(
    storage,
    run,
    units.map((unit) => JSON.stringify(unit)),
  );
  return { storage, run, units };
}

const refusal = (key: string) =>
  ({ input: key, reason: 'truncated', offset: 0, bytes: 1, detail: '' }) as const;

function receiptOf(run: RunFile, unit: Unit, sub: number, { lines, isRefused, isOpen }: Committed): Receipt {
  const refused = isRefused === true ? [refusal(unit.inputs[0]!.key)] : [];
  return { ...toyResult(run, unit, sub, [], refused, isOpen !== true).receipt, lines };
}

const isClosed = [false, true];

describe('lines before what a receipt commits', () => {
  /** Unit by unit: what is planned, and by sub-unit what is committed of it and how many lines stand before that. */
  type Row = [Planned, ...(readonly [sub: number, committed: Committed, before: number | undefined])[]];
  const rows: [string, readonly Row[]][] = [
    [
      'none before whole inputs',
      [
        [whole('a', 'b'), [0, { lines: 3 }, 0]],
        [whole('c'), [0, { lines: 4 }, 0]],
      ],
    ],
    [
      'those of the earlier ranges of the same input',
      [
        [range('a', 0), [0, { lines: 3 }, 0]],
        [range('a', 10), [0, { lines: 4 }, 3]],
        [range('a', 20), [0, { lines: 5 }, 7]],
      ],
    ],
    [
      'none before the first range of the next input',
      [
        [range('a', 0), [0, { lines: 3 }, 0]],
        [range('a', 10), [0, { lines: 4 }, 3]],
        [range('b', 0), [0, { lines: 5 }, 0]],
        [range('b', 10), [0, { lines: 6 }, 5]],
      ],
    ],
    [
      'nobody knows how many before a range without the earlier ones in the plan',
      [
        [range('a', 10), [0, { lines: 3 }, undefined]],
        [range('a', 20), [0, { lines: 4 }, undefined]],
        [whole('b'), [0, { lines: 4 }, 0]],
      ],
    ],
    [
      'nor behind a range that is not committed',
      [
        [range('a', 0), [0, { lines: 3 }, 0]],
        [range('a', 10)],
        [range('a', 20), [0, { lines: 5 }, undefined]],
        [range('b', 0), [0, { lines: 5 }, 0]],
      ],
    ],
    [
      'nor behind one that was refused',
      [
        [range('a', 0), [0, { lines: 3, isRefused: true }, 0]],
        [range('a', 10), [0, { lines: 4 }, undefined]],
        [range('a', 20), [0, { lines: 5 }, undefined]],
      ],
    ],
    [
      'those of the earlier sub-units',
      [
        [
          stream('a'),
          [0, { lines: 3, isOpen: true }, 0],
          [1, { lines: 4, isOpen: true }, 3],
          [2, { lines: 5 }, 7],
        ],
        [stream('b'), [0, { lines: 6, isOpen: true }, 0], [1, { lines: 6 }, 6]],
      ],
    ],
    [
      'nobody knows how many behind a sub-unit without a receipt',
      [
        [
          stream('a'),
          [0, { lines: 3, isOpen: true }, 0],
          [2, { lines: 4, isOpen: true }, undefined],
          [3, { lines: 5 }, undefined],
        ],
      ],
    ],
    [
      'nor before the first that has one',
      [[stream('a'), [1, { lines: 4, isOpen: true }, undefined], [2, { lines: 4 }, undefined]]],
    ],
  ];
  test.each(rows.flatMap(([title, table]) => isClosed.map((closed) => [title, closed, table] as const)))(
    '%s (closed: %p)',
    async (_title, closed, table) => {
      const { storage, run, units } = await plannedOf(table.map(([planned]) => planned));
      const keys = runKeys(run.runId);
      const receipts = table.flatMap(([, ...subs], unit) =>
        subs.map(([sub, committed]) => receiptOf(run, units[unit]!, sub, committed)),
      );
      if (closed) {
        const ledger = receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join('');
        await storage.replace(keys.ledger, Buffer.from(ledger));
      } else
        for (const receipt of receipts)
          await createJson(storage, keys.receipt(receipt.unit, receipt.sub), receipt);
      const placed = (await allOf(placedUnits(storage, run, plainCodec))).flatMap((unit) => unit.receipts);
      expect(placed.map(({ receipt, linesBefore }) => [receipt.unit, receipt.sub, linesBefore])).toEqual(
        table.flatMap(([, ...subs], unit) => subs.map(([sub, , before]) => [unit, sub, before])),
      );
    },
  );
});
