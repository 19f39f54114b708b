import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuarantineLine, Report } from '@winnow/core';
import type { SourceRecord } from './reader.ts';
import { quarantineOf } from './quarantine.ts';
import { restored, withoutNulls } from './restored.ts';
import { reportOfRun } from './winnow.ts';

/** What came of each input of a run: mirrored to NDJSON, so that every input has an output of its own. */
export interface Mirrored {
  readonly report: Report;
  readonly code: number | null;
  /** Of the input with this key, without keys that are null. */
  written(input: string): SourceRecord[];
  quarantined(input: string): QuarantineLine[];
}

/** @throws Error with what the command said, where it made no report. */
export async function runMirror(source: string, output: string): Promise<Mirrored> {
  const told = ['--source', source, '--output', output, '--layout', 'mirror', '--format', 'ndjson'];
  const { report, code } = reportOfRun(told);
  const lines = Map.groupBy(await quarantineOf(output, report.runId), ({ input }) => input);
  return {
    report,
    code,
    written(input) {
      const names = [input.replace(/(\.(json|ndjson|jsonl))?(\.(gz|zst))?$/, '.ndjson'), `${input}.ndjson`];
      const path = names.map((name) => join(output, name)).find((name) => existsSync(name));
      const text = path === undefined ? '' : readFileSync(path, 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => withoutNulls(restored(JSON.parse(line) as SourceRecord)) as SourceRecord);
    },
    quarantined: (input) => lines.get(input) ?? [],
  };
}
