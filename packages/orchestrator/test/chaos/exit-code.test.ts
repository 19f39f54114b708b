import { describe, expect, test } from '@jest/globals';
import type { Ended } from '../winnow.ts';
import { exitProblem } from './exit-code.ts';

const ended = (how: number | NodeJS.Signals, stdout = ''): Ended =>
  typeof how === 'number'
    ? { code: how, signal: null, stdout, stderr: 'first\nlast\n' }
    : { code: null, signal: how, stdout, stderr: 'first\nlast\n' };
const NOTHING = { killed: false, terminated: false };
const KILLED = { killed: true, terminated: false };
const TERMINATED = { killed: false, terminated: true };

describe('how a command ended', () => {
  test.each([
    [ended(0, '{}'), NOTHING, true],
    // The signal came when all was done.
    [ended(0, '{}'), TERMINATED, true],
    [ended(1, '{}'), NOTHING, false],
    [ended(1), NOTHING, false],
    [ended(1, '{}'), TERMINATED, false],
    [{ ...ended(1), stderr: 'winnow: read a: EIO: injected, read\n' }, TERMINATED, false],
    [ended(143), TERMINATED, false],
    [ended('SIGTERM'), TERMINATED, false],
    [ended('SIGKILL'), KILLED, false],
  ])('%j after %j is right (closed: %s)', (end, sent, isClosed) => {
    expect(exitProblem(end, sent, isClosed)).toBeUndefined();
  });

  test.each([
    [ended(0, '{}'), TERMINATED, false, 'exit code 0 although the run is not closed'],
    [ended(0), TERMINATED, true, 'exit code 0 although the run is not closed'],
    [ended(1), TERMINATED, false, 'exit code 1 although it was interrupted'],
    [ended(143), NOTHING, false, 'exit code 143 although nobody sent SIGTERM'],
    [ended('SIGTERM'), KILLED, false, 'SIGTERM although nobody sent SIGTERM'],
    [ended('SIGKILL'), TERMINATED, false, 'SIGKILL although nobody sent it'],
    [ended('SIGSEGV'), KILLED, false, 'SIGSEGV although nobody sent it'],
    [ended(2), NOTHING, false, 'exit code 2 which is for something else'],
    [ended(70), KILLED, false, 'exit code 70 which is for something else'],
  ])('%j after %j is wrong (closed: %s): %s', (end, sent, isClosed, problem) => {
    expect(exitProblem(end, sent, isClosed)).toBe(`the command ended with ${problem}: last`);
  });
});
