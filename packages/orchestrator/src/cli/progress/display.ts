import type { RunEvent } from '../../events.ts';
import { durationText as timeText } from '@winnow/core';
import { bytesText, countOf, durationText } from '../../report/figures.ts';
import { failureNotes } from './failure-notes.ts';
import { barLine, plainLine } from './line.ts';
import { progressAfter, progressSnapshot, startProgress, type ProgressState } from './state.ts';

/** Where progress is shown, and the clock it lives by. */
export interface Screen {
  readonly tty: boolean;
  /** Width in characters, asked anew for each line: windows change. */
  columns(): number;
  write(text: string): void;
  /** Milliseconds. */
  now(): number;
  /** Calls back again and again until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

/** A display of one run. It lives from its making to `close`. */
export interface ProgressDisplay {
  onEvent(event: RunEvent): void;
  /** Writes a line of text so that it does not mix with the progress. */
  note(line: string): void;
  close(): void;
}

const REDRAW_MS = 200;
const PLAIN_MS = 10_000;
const CLEAR_TO_END = '\x1b[K';

export const createDisplay = (screen: Screen): ProgressDisplay =>
  screen.tty ? barDisplay(screen) : plainDisplay(screen);

/** What is worth a line of its own, on a terminal and elsewhere. */
function notes(): (event: RunEvent, directory: string | undefined) => string | undefined {
  const failureNote = failureNotes();
  return (event, directory) => {
    if (event.kind === 'detached') return detachedText(event.jobs, directory ?? '');
    if (event.kind === 'warning') return `winnow: ${event.message}`;
    if (event.kind === 'cleared') return clearedText(event);
    return event.kind === 'shard-failed' ? failureNote(event) : undefined;
  };
}

const clearedText = ({ runs, objects, bytes, retention }: Extract<RunEvent, { kind: 'cleared' }>): string =>
  `winnow: removed ${countOf(objects, 'working object')}, ${bytesText(bytes)}, of ${countOf(runs.length, 'run')} ` +
  `that ended over ${timeText(retention)} ago (--retention)`;

const detachedText = (jobs: number, directory: string): string =>
  [
    `winnow: detached: ${countOf(jobs, 'job')} ${jobs === 1 ? 'goes' : 'go'} on`,
    `  winnow watch ${directory}    follows them, from any machine`,
    `  winnow cancel ${directory}   ends them`,
  ].join('\n');

/** One line, redrawn in place by a single write (so it does not flicker) and taken away at the end. */
function barDisplay(screen: Screen): ProgressDisplay {
  const noteworthy = notes();
  let state = startProgress(screen.now());
  let drawn = '';
  // One column stays free: a full line makes some terminals wrap.
  const draw = (): void => {
    if (!state.begun) return;
    const line = barLine(progressSnapshot(state, screen.now()), screen.columns() - 1);
    if (line !== drawn) screen.write(`\r${line}${CLEAR_TO_END}`);
    drawn = line;
  };
  const note = (line: string): void => {
    screen.write(`\r${CLEAR_TO_END}${line}\n`);
    drawn = '';
  };
  const stop = screen.every(REDRAW_MS, draw);
  return {
    note,
    onEvent(event) {
      state = progressAfter(state, event, screen.now());
      const line = noteworthy(event, state.planned?.directory);
      if (line !== undefined) note(line);
    },
    close() {
      stop();
      if (drawn !== '') screen.write(`\r${CLEAR_TO_END}`);
      drawn = '';
    },
  };
}

/** A line at the start, one at the end, and at most one every 10 seconds between them. */
function plainDisplay(screen: Screen): ProgressDisplay {
  const noteworthy = notes();
  let state = startProgress(screen.now());
  const say = (line: string): void => screen.write(`${line}\n`);
  const stop = screen.every(PLAIN_MS, () => {
    if (state.begun) say(`winnow: ${plainLine(progressSnapshot(state, screen.now()))}`);
  });
  return {
    note: say,
    onEvent(event) {
      state = progressAfter(state, event, screen.now());
      const line = noteworthy(event, state.planned?.directory) ?? borderLine(event, state, screen.now());
      if (line !== undefined) say(line);
    },
    close: stop,
  };
}

function borderLine(event: RunEvent, state: ProgressState, nowMs: number): string | undefined {
  if (event.kind === 'planned') {
    const { runId, inputs, bytes, units, shards, already } = event;
    const resumed = already.units > 0 ? `, ${countOf(already.units, 'unit')} done before` : '';
    const size = `${countOf(inputs, 'input')}, ${bytesText(bytes)}, ${countOf(units, 'unit')} in ${countOf(shards, 'shard')}`;
    return `winnow: run ${runId}: ${size}${resumed}`;
  }
  if (event.kind !== 'done') return undefined;
  const { seconds, records } = progressSnapshot(state, nowMs);
  return `winnow: run ${event.report.runId} ${event.report.state}: ${countOf(records, 'record')} in ${durationText(seconds)}`;
}
