import { join } from 'node:path';
import type { Column } from '@winnow/kernel';
import type { Frozen, MemoryClass } from '../shapes/run.ts';
import { UnitCutter, type CutStep, type SizedInput } from './cut.ts';
import { UnitSpool, type UnitShare } from './unit-spool.ts';

/** The units of one memory class, in a file of this machine. */
export interface CutClass extends MemoryClass {
  readonly spool: UnitSpool;
}

/** Cuts inputs, in their order, into units: a file in `folder` for each memory class, by rising memory. */
export async function cutIntoClasses(
  inputs: AsyncIterable<SizedInput>,
  unitBytes: number,
  folder: string,
  run: {
    readonly columns: readonly Column[];
    readonly layout: Frozen['layout'];
    readonly documents: boolean;
  },
): Promise<CutClass[]> {
  const spools = new Map<number, UnitSpool>();
  const keep = async (steps: Iterable<CutStep>): Promise<void> => {
    for (const step of steps) {
      const { memoryMiB } = step.kind === 'end' ? step.facts : step;
      const spool = spools.get(memoryMiB) ?? (await UnitSpool.create(join(folder, `class-${memoryMiB}`)));
      spools.set(memoryMiB, spool);
      await spool.append(step);
    }
  };
  try {
    const cutter = new UnitCutter(unitBytes, run);
    for await (const input of inputs) await keep(cutter.add(input));
    await keep(cutter.end());
  } finally {
    for (const spool of spools.values()) await spool.end();
  }
  return numbered(spools);
}

function numbered(spools: ReadonlyMap<number, UnitSpool>): CutClass[] {
  let firstUnit = 0;
  return [...spools]
    .sort(([a], [b]) => a - b)
    .map(([memoryMiB, spool]) => {
      const cut = { memoryMiB, firstUnit, units: spool.units, spool };
      firstUnit += spool.units;
      return cut;
    });
}

/** A unit a line, each with its line feed; cut anywhere, and a piece is good until the next is asked for. */
export async function* planText(classes: readonly CutClass[]): AsyncGenerator<Uint8Array> {
  for (const { firstUnit, spool } of classes) yield* spool.text(firstUnit);
}

/** What the units have of each input, in their order. */
export async function* planShares(classes: readonly CutClass[]): AsyncGenerator<UnitShare> {
  for (const { firstUnit, spool } of classes) yield* spool.shares(firstUnit);
}
