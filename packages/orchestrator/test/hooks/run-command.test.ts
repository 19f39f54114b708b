import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../src/hooks/run-command.ts';
import { untilThereAre } from '../killing.ts';
import { withFolder } from '../winnow.ts';
import { callOf, SUMMARY } from './summary.ts';

const VALUE = 'hunter2; touch broken "$(touch broken)" \'';

/** Whether a process, by what `echo $$` wrote, is still there. */
async function lives(file: string): Promise<boolean> {
  try {
    return process.kill(Number(await readFile(file, 'utf8')), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

const exists = (file: string): Promise<boolean> => readFile(file).then(Boolean, () => false);

test('a command has the summary on stdin and the URI of the report, in the folder of the command', () =>
  withFolder(async (cwd) => {
    expect(await runCommand('cat > told; echo "$WINNOW_REPORT" > uri', callOf({}, { cwd }))).toBeUndefined();
    expect(JSON.parse(await readFile(join(cwd, 'told'), 'utf8'))).toEqual(SUMMARY);
    expect(await readFile(join(cwd, 'uri'), 'utf8')).toBe(`${SUMMARY.report}\n`);
  }));

test.each([
  ['exit 3', 'exit code 3'],
  ['echo first >&2; echo "the last words " >&2; exit 1', 'exit code 1 (the last words)'],
  ['no-such-program', /^exit code 127 \(.*no-such-program.*\)$/],
  ['kill -9 $$', 'killed by SIGKILL'],
])('%j fails as %s', async (text, failure) => {
  expect(await runCommand(text, callOf())).toEqual(
    typeof failure === 'string' ? failure : expect.stringMatching(failure),
  );
});

test.each(['true', 'exec <&-; true', 'echo nothing to see', 'sleep 30 & true'])(
  '%j is no failure',
  async (text) => {
    expect(await runCommand(text, callOf())).toBeUndefined();
  },
);

test('a folder that is gone is told by its code', async () => {
  expect(await runCommand('true', callOf({}, { cwd: '/no/such/folder' }))).toBe('cannot be started: ENOENT');
});

test('a command that does not end is killed with what it has started', () =>
  withFolder(async (cwd) => {
    const text =
      'trap "" TERM; sh -c \'trap "" TERM; echo $$ > inner; sleep 600 & wait; sleep 600\' & wait; sleep 600';
    // Long enough for the inner one to have begun on any machine: the time-out is found too short else.
    for (let timeoutMs = 500; !(await exists(join(cwd, 'inner'))); timeoutMs *= 2)
      expect(await runCommand(text, callOf({}, { cwd }), timeoutMs)).toBe(
        `killed after ${timeoutMs / 1000} s`,
      );
    await untilThereAre(async () => !(await lives(join(cwd, 'inner'))));
  }));

test('an interrupt ends it', () =>
  withFolder(async (cwd) => {
    const stop = new AbortController();
    const ended = runCommand('echo $$ > begun; sleep 600', callOf({}, { cwd, signal: stop.signal }));
    await untilThereAre(() => exists(join(cwd, 'begun')));
    stop.abort();
    expect(await ended).toBe('interrupted');
  }));

test('a secret comes by the environment, whatever it holds, and in no list of processes', () =>
  withFolder(async (cwd) => {
    const text =
      'printf %s "${secret:A}" > got; tr "\\0" " " < /proc/$$/cmdline > seen; test "${secret:B}" = b';
    expect(await runCommand(text, callOf({ A: VALUE, B: 'b' }, { cwd }))).toBeUndefined();
    expect(await readFile(join(cwd, 'got'), 'utf8')).toBe(VALUE);
    expect(await readFile(join(cwd, 'seen'), 'utf8')).toContain('${WINNOW_VALUE_A}');
    expect(await readFile(join(cwd, 'seen'), 'utf8')).not.toContain('hunter2');
    expect(await exists(join(cwd, 'broken'))).toBe(false);
  }));

test('what a command with secrets says is not repeated', async () => {
  expect(await runCommand('echo "${secret:A}" >&2; exit 4', callOf({ A: VALUE }))).toBe('exit code 4');
  expect(await runCommand('true "${secret:A}"', callOf({ A: 'a\0b' }))).toBe(
    'WINNOW_SECRET_A: its secret has a NUL byte',
  );
});
