import { bytesText, countOf, countText, durationText } from '../../report/figures.ts';
import type { ProgressSnapshot } from './state.ts';

const BAR_CELLS = 20;
const NARROW_BAR_CELLS = 8;

function bar(share: number, cells: number): string {
  const full = Math.floor(share * cells);
  return '█'.repeat(full) + '░'.repeat(cells - full);
}

const percent = (share: number): string => `${String(Math.floor(share * 100)).padStart(3)} %`;

/** The facts of a snapshot, the most telling first. */
export function progressFacts(snapshot: ProgressSnapshot): string[] {
  if (snapshot.phase === 'planning') return [`planning (${durationText(snapshot.seconds)})`];
  const { secondsLeft, quarantined, failedShards, containers } = snapshot;
  return [
    countOf(snapshot.records, 'record'),
    `${bytesText(snapshot.bytesPerSecond).replace('bytes', 'B')}/s`,
    secondsLeft === undefined ? 'time left unknown' : `${durationText(secondsLeft)} left`,
    `${countText(snapshot.recordsPerSecond)} records/s`,
    `${countText(snapshot.units)} of ${countOf(snapshot.plannedUnits, 'unit')}`,
    ...(containers === undefined
      ? []
      : [`${countText(containers.running)} running, ${countText(containers.waiting)} waiting`]),
    ...(quarantined > 0 ? [`${countText(quarantined)} quarantined`] : []),
    ...(failedShards > 0 ? [`${countOf(failedShards, 'shard')} failed`] : []),
  ];
}

/** One line of at most `columns` characters: what does not fit is left out from the end. */
export function barLine(snapshot: ProgressSnapshot, columns: number): string {
  const cells = columns >= 60 ? BAR_CELLS : NARROW_BAR_CELLS;
  const head =
    snapshot.phase === 'planning' ? '' : `${bar(snapshot.share, cells)} ${percent(snapshot.share)}`;
  let line = head;
  for (const fact of progressFacts(snapshot)) {
    const longer = line === '' ? fact : `${line}  ${fact}`;
    if (longer.length > columns) break;
    line = longer;
  }
  return line.slice(0, Math.max(0, columns));
}

/** The same for a log that nobody redraws. */
export const plainLine = (snapshot: ProgressSnapshot): string =>
  [
    ...(snapshot.phase === 'planning' ? [] : [percent(snapshot.share).trim()]),
    ...progressFacts(snapshot),
  ].join(', ');
