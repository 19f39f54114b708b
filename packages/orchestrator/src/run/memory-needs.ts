import { columnsMemoryMiB, processMemoryMiB, type MemoryClass } from '@winnow/core';
import type { Column } from '@winnow/kernel';
import { countOf, countText } from '../report/figures.ts';

/**
 * What is known before anything starts: units for which `--memory` is too little, a sentence for each memory class of
 * theirs. They get what they need.
 */
export function memoryNeeds(
  classes: readonly MemoryClass[],
  columns: readonly Column[],
  givenMiB: number,
): string[] {
  const forColumns = columnsMemoryMiB(columns);
  return classes.flatMap(({ memoryMiB, units }) => {
    const needed = processMemoryMiB(memoryMiB, givenMiB, columns);
    if (units === 0 || needed <= givenMiB) return [];
    const why =
      forColumns > givenMiB
        ? `${countText(columns.length)} columns take about ${countText(forColumns)} MiB`
        : 'their zstd windows are that large';
    return [
      `${countOf(units, 'unit')} ${units === 1 ? 'needs' : 'need'} ${needed} MiB a process, more than --memory ` +
        `${givenMiB}MiB: ${why}; they get it, in fewer processes at once (--memory ${needed}MiB for all)`,
    ];
  });
}
