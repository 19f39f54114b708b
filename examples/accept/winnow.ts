import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from '@winnow/core';

const BIN = fileURLToPath(new URL('../../packages/orchestrator/bin/winnow.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command itself, as users start it. */
export function winnow(words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { code: status, stdout, stderr };
}

/** The report that `winnow run --json` printed; undefined where it printed none. */
export function printedReport({ stdout }: Ended): Report | undefined {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return undefined;
  }
}

/** @throws Error with what the command said, where `winnow run` made no report. */
export function reportOfRun(words: readonly string[]): {
  readonly report: Report;
  readonly code: number | null;
} {
  const ended = winnow(['run', ...words, '--json']);
  const report = printedReport(ended);
  if (!report) throw new Error(ended.stderr.trim());
  return { report, code: ended.code };
}
