import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunEvent } from '../../../src/events.ts';
import { createDisplay } from '../../../src/cli/progress/display.ts';
import { barLine } from '../../../src/cli/progress/line.ts';
import type { ProgressSnapshot } from '../../../src/cli/progress/state.ts';
import { REPORT } from '../../report/report-facts.ts';

const PLANNED: RunEvent = {
  kind: 'planned',
  runId: '0000-89abcdef',
  directory: '/out/_winnow/0000-89abcdef',
  units: 4,
  shards: 2,
  inputs: 3,
  bytes: 1_000_000,
  decoded: 1000,
  already: { units: 1, records: 0, decoded: 0 },
};

const MEMORY = { memoryBytes: 1, memoryLimitBytes: 2 };

/** A screen whose clock and timer are moved by hand. */
function screenOf(tty: boolean, columns = 200) {
  const written: string[] = [];
  const timers: { due: number; ms: number; callback: () => void }[] = [];
  let now = 0;
  return {
    written,
    timers,
    tty,
    columns: () => columns,
    write: (text: string) => void written.push(text),
    now: () => now,
    every(ms: number, callback: () => void) {
      const timer = { due: now + ms, ms, callback };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    pass(ms: number) {
      for (const end = now + ms; now < end; now += 100)
        for (const timer of timers) {
          if (now + 100 < timer.due) continue;
          timer.due += timer.ms;
          timer.callback();
        }
    },
  };
}

describe('on a terminal', () => {
  test('one line is redrawn in place, and is gone at the end', () => {
    const screen = screenOf(true);
    const display = createDisplay(screen);
    display.onEvent(PLANNED);
    display.onEvent({ kind: 'shard-started', shard: 0 });
    screen.pass(1000);
    display.onEvent({ kind: 'progress', shard: 0, records: 5000, decodedBytes: 500, ...MEMORY });
    screen.pass(200);
    display.close();
    for (const text of screen.written) {
      expect(text.startsWith('\r') && text.endsWith('\x1b[K')).toBe(true);
      expect(text.slice(1, -3)).not.toMatch(/[\r\n]/);
    }
    expect(screen.written.at(-2)).toContain('██████████░░░░░░░░░░  50 %  5,000 records');
    expect(screen.written.at(-1)).toBe('\r\x1b[K');
    expect(screen.timers).toEqual([]);
  });

  test('nothing is written where nothing changed', () => {
    const screen = screenOf(true);
    const display = createDisplay(screen);
    display.onEvent(PLANNED);
    screen.pass(5000);
    expect(screen.written).toHaveLength(1);
  });

  test('events alone write nothing: a flood of them costs no more than the timer', () => {
    const screen = screenOf(true);
    const display = createDisplay(screen);
    display.onEvent(PLANNED);
    for (let records = 0; records < 1000; records++)
      display.onEvent({ kind: 'progress', shard: 0, records, decodedBytes: records, ...MEMORY });
    expect(screen.written).toEqual([]);
  });

  test('a failure gets a line of its own above the bar', () => {
    const screen = screenOf(true);
    const display = createDisplay(screen);
    display.onEvent(PLANNED);
    screen.pass(200);
    display.onEvent({
      kind: 'shard-failed',
      shard: 1,
      cause: 'out-of-memory',
      message: 'killed',
      again: true,
    });
    expect(screen.written.at(-1)).toBe(
      '\r\x1b[Kwinnow: shard 1 failed (out-of-memory): killed: trying again\n',
    );
    screen.pass(200);
    expect(screen.written.at(-1)).toMatch(/^\r░/);
  });

  test('no line is wider than the terminal, whatever it shows', () => {
    const snapshot = fc.record<ProgressSnapshot>({
      phase: fc.constantFrom('planning', 'running', 'done'),
      seconds: fc.float({ min: 0, max: 1e5, noNaN: true }),
      records: fc.nat(),
      quarantined: fc.nat(),
      units: fc.nat(),
      plannedUnits: fc.nat(),
      failedShards: fc.nat(),
      containers: fc.option(fc.record({ running: fc.nat(), waiting: fc.nat() }), { nil: undefined }),
      recordsPerSecond: fc.nat(),
      bytesPerSecond: fc.nat(),
      share: fc.float({ min: 0, max: 1, noNaN: true }),
      secondsLeft: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(snapshot, fc.integer({ min: -1, max: 250 }), (shown, columns) => {
        const line = barLine(shown, columns);
        expect(line.length).toBeLessThanOrEqual(Math.max(0, columns));
        // Facts are whole or not there, as soon as there is room for one.
        if (columns > 40)
          expect(line).toMatch(/(%|waiting|records?|\/s|left|unknown|units?|quarantined|failed|\))$/);
      }),
    );
  });
});

describe('elsewhere', () => {
  test('there is a line at the start, one at the end and one every 10 seconds at most', () => {
    const screen = screenOf(false);
    const display = createDisplay(screen);
    display.onEvent(PLANNED);
    display.onEvent({ kind: 'shard-started', shard: 0 });
    for (let second = 1; second <= 25; second++) {
      screen.pass(1000);
      display.onEvent({
        kind: 'progress',
        shard: 0,
        records: second * 1000,
        decodedBytes: second * 10,
        ...MEMORY,
      });
    }
    display.onEvent({ kind: 'done', report: REPORT });
    display.close();
    expect(screen.written).toEqual([
      'winnow: run 0000-89abcdef: 3 inputs, 1.00 MB, 4 units in 2 shards, 1 unit done before\n',
      'winnow: 9 %, 9,000 records, 9 B/s, 1:40 min left, 909 records/s, 1 of 4 units\n',
      'winnow: 19 %, 19,000 records, 9 B/s, 1:26 min left, 947 records/s, 1 of 4 units\n',
      'winnow: run 0000-89abcdef partial: 25,000 records in 25 s\n',
    ]);
    expect(screen.timers).toEqual([]);
  });

  test('warnings and failures come at once, and no control characters ever', () => {
    const screen = screenOf(false);
    const display = createDisplay(screen);
    display.onEvent({ kind: 'warning', message: 'much drift: give a --schema' });
    display.onEvent({ kind: 'shard-failed', shard: 1, cause: 'bug', message: 'no', again: false });
    display.onEvent({ kind: 'cleared', runs: ['0000-ab'], objects: 2, bytes: 10, retention: 86_400_000 });
    display.note('a line');
    expect(screen.written).toEqual([
      'winnow: much drift: give a --schema\n',
      'winnow: shard 1 failed (bug): no\n',
      'winnow: removed 2 working objects, 10 bytes, of 1 run that ended over 1d ago (--retention)\n',
      'a line\n',
    ]);
  });
});

test('commands that plan and run nothing show no progress, however long they take', () => {
  for (const tty of [true, false]) {
    const written: string[] = [];
    let tick = (): void => undefined;
    const display = createDisplay({
      tty,
      columns: () => 80,
      write: (text) => void written.push(text),
      now: () => 60_000,
      every: (_ms, callback) => {
        tick = callback;
        return () => undefined;
      },
    });
    tick();
    expect(written).toEqual([]);
    display.onEvent({ kind: 'planning' });
    tick();
    expect(written.join('')).toContain('planning');
    display.close();
  }
});
