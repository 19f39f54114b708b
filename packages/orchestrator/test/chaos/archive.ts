import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { essence } from '../essence.ts';
import { winnow } from '../winnow.ts';
import type { Report } from '@winnow/core';
import type { SampleManifest } from '../../src/sample/manifest.ts';
import { filesOf, type Files } from './output-files.ts';
import type { Scenario } from './scenario.ts';

/** Where the output of a job lies below its folder: on a disk of its own, where that is to become full. */
export const DISK = 'disk';
export const OUTPUT = `${DISK}/out`;

const BAD = 9;

/** What a job must come to. */
export interface Expected {
  readonly manifest: SampleManifest;
  readonly files: Files;
  readonly essence: object;
}

/** The command of a job: always the same. */
export const runWords = ({ layout, concurrency }: Scenario): string[] =>
  `run --source in --output ${OUTPUT} --layout ${layout} --max-quarantined ${BAD} --unit-size 64KiB --concurrency ${concurrency} --json`.split(
    ' ',
  );

/**
 * Makes the archive of a job in its folder and runs it undisturbed. The output is put aside under `expected`.
 *
 * @throws Error where that fails: there is nothing to compare with then
 */
export async function prepareJob(folder: string, scenario: Scenario): Promise<Expected> {
  const sample = `sample ndjson --output in --files ${scenario.files} --records ${scenario.records} --bad ${BAD} --drift --seed ${scenario.seed}`;
  const made = await winnow(sample.split(' '), folder);
  if (made.code !== 0) throw new Error(`winnow sample failed: ${made.stderr}`);
  const { code, stdout, stderr } = await winnow(runWords(scenario), folder);
  if (code !== 0) throw new Error(`the undisturbed run failed: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  await rename(join(folder, OUTPUT), join(folder, 'expected'));
  return {
    manifest: JSON.parse(await readFile(join(folder, 'in.manifest.json'), 'utf8')) as SampleManifest,
    files: await filesOf(join(folder, 'expected')),
    essence: essence(report),
  };
}
