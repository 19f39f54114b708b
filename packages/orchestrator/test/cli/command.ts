import type { CliContext } from '../../src/cli/context.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { runCommandLine } from '../../src/cli/parser.ts';

export interface Outcome {
  readonly printed: string[];
  readonly told: string[];
  readonly code: number;
  readonly error: unknown;
}

const unexpected = (): Promise<never> => Promise.reject(new Error('this operation is not expected here'));

const none: Operations = {
  run: unexpected,
  redrive: unexpected,
  latestPlanned: unexpected,
  pull: unexpected,
  plan: unexpected,
  status: unexpected,
  watch: unexpected,
  cancel: unexpected,
  logs: unexpected,
  report: unexpected,
  verify: unexpected,
  inspectQuarantine: unexpected,
  gc: unexpected,
  inspectSchema: unexpected,
  readInput: unexpected,
  doctor: unexpected,
  sample: unexpected,
  sampleAl3: unexpected,
};

/** Runs a command line over operations written for the test. */
export async function command(
  words: readonly string[],
  operations: Partial<Operations>,
  told: string[] = [],
): Promise<Outcome> {
  const printed: string[] = [];
  let code = 0;
  let error: unknown;
  const context: CliContext = {
    operations: { ...none, ...operations },
    environment: {},
    cwd: '/here',
    readText(path) {
      throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    },
    print: (line) => Promise.resolve(void printed.push(line)),
    screen: {
      tty: false,
      columns: () => 80,
      write: (text) => void told.push(text),
      now: () => 0,
      every: () => () => undefined,
    },
    signal: new AbortController().signal,
    exit: (wanted) => (code = wanted),
  };
  await runCommandLine(words, '0.0.0', context).catch((caught: unknown) => (error = caught));
  return { printed, told, code, error };
}
