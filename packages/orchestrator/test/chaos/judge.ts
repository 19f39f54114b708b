import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Attempt, Report } from '@winnow/core';
import { essence } from '../essence.ts';
import { askDuckDb } from '../judge.ts';
import { winnow } from '../winnow.ts';
import { OUTPUT, runWords, type Expected } from './archive.ts';
import { differences, filesOf } from './output-files.ts';
import type { Scenario } from './scenario.ts';

export interface Judgement {
  /** By a reader that shares no code with the writer: records of the archive that are in no part, or more than once. */
  readonly lost: number;
  readonly doubled: number;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}

/** Compares a job that came to its end with the undisturbed run of the same command. */
export async function judgeJob(folder: string, scenario: Scenario, expected: Expected): Promise<Judgement> {
  const output = join(folder, OUTPUT);
  const problems = differences(expected.files, await filesOf(output));
  const { lost, doubled, sums } = await countRecords(output, expected);
  if (lost > 0) problems.push(`${lost} records are lost`);
  if (doubled > 0) problems.push(`${doubled} records are doubled`);
  problems.push(...sums);

  const told = await winnow(['report', OUTPUT, '--json'], folder);
  const report = told.stdout === '' ? undefined : essence(JSON.parse(told.stdout) as Report);
  if (!isDeepStrictEqual(report, expected.essence))
    problems.push(`the report differs from that of the undisturbed run: ${told.stdout || told.stderr}`);
  const verified = await winnow(['verify', OUTPUT], folder);
  if (verified.code !== 0)
    problems.push(
      `winnow verify: exit code ${verified.code ?? 'unknown'}: ${verified.stdout}${verified.stderr}`,
    );
  problems.push(...(await faultyAttempts(output)));
  problems.push(...(await runOnceMore(folder, scenario, expected)));
  return { lost, doubled, problems };
}

/** No mischief explains these: two attempts that differ, or one that went wrong. What a late writer met only it can tell. */
const NEVER: readonly (string | undefined)[] = ['conflict', 'bug', 'configuration'];

async function faultyAttempts(output: string): Promise<string[]> {
  const names = await readdir(join(output, '_winnow'), { recursive: true });
  const problems: string[] = [];
  for (const name of names.filter((path) => /\/attempts\/.*\.json$/.test(path))) {
    const attempt = JSON.parse(await readFile(join(output, '_winnow', name), 'utf8')) as Attempt;
    if (NEVER.includes(attempt.cause))
      problems.push(`${name}: ${attempt.cause ?? ''}: ${attempt.message ?? ''}`);
  }
  return problems;
}

/** The command of a finished run has nothing to do and changes nothing. */
async function runOnceMore(folder: string, scenario: Scenario, expected: Expected): Promise<string[]> {
  const again = await winnow(runWords(scenario), folder);
  if (again.code !== 0) return [`once more: exit code ${again.code ?? 'unknown'}: ${again.stderr}`];
  const changed = differences(expected.files, await filesOf(join(folder, OUTPUT)));
  return changed.map((difference) => `after the command once more: ${difference}`);
}

/** Event ids of the sample are unique and stand in each good record; their sum goes through no double. */
async function countRecords(output: string, { manifest }: Expected) {
  const row = await askDuckDb(
    join(output, '**'),
    'SELECT count(*)::VARCHAR, count(DISTINCT event_id)::VARCHAR, sum(event_id)::VARCHAR FROM output',
  );
  const [rows, distinct, eventIds] = row.map(String);
  const good = manifest.records.good;
  const sums =
    eventIds === manifest.sums.eventId
      ? []
      : [`the sum of event_id is ${eventIds ?? 'none'}, of the archive's it is ${manifest.sums.eventId}`];
  return {
    lost: Math.max(0, good - Number(distinct)),
    doubled: Math.max(0, Number(rows) - Number(distinct)),
    sums,
  };
}

/** A killed planner leaves its spool, a killed worker what it was writing. What nobody was killed over is a leak. */
export async function leftBehind(folder: string, kills: number): Promise<string[]> {
  const spools = await readdir(join(folder, 'tmp'));
  const unfinished = await readdir(join(folder, OUTPUT, '_winnow/tmp'));
  const problems: string[] = [];
  if (spools.length > kills)
    problems.push(`${kills} processes were killed, ${spools.length} spools are left: ${spools.join(', ')}`);
  if (kills === 0 && unfinished.length > 0)
    problems.push(`nobody was killed, but _winnow/tmp has ${unfinished.join(', ')}`);
  return problems;
}
