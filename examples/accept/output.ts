import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFile } from '@winnow/core';
import type { Format } from './judges.ts';
import type { Output } from './reader.ts';

/** What a run left in `folder`. */
export function outputOf(folder: string, runId: string, format: Format): Output {
  const run = JSON.parse(readFileSync(join(folder, '_winnow', runId, 'run.json'), 'utf8')) as RunFile;
  const parts = readdirSync(folder)
    .filter((name) => name.endsWith(`.${format}`))
    .sort()
    .map((name) => join(folder, name));
  return { parts, columns: run.frozen.columns };
}
