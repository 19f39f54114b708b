import { copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Attempt } from '@winnow/core';
import { withFolder } from '../winnow.ts';
import { OUTPUT, prepareJob } from './archive.ts';
import { judgeJob, type Judgement } from './judge.ts';
import { drawScenario, type Scenario } from './scenario.ts';

const SCENARIO: Scenario = { ...drawScenario(1), layout: 'parts', concurrency: 2, files: 6, records: 3000 };

test('an output that lost, doubled or altered anything is found out', () =>
  withFolder(async (folder) => {
    const expected = await prepareJob(folder, SCENARIO);
    const output = join(folder, OUTPUT);
    const judged = async (tamper: (path: (name: string) => string) => Promise<void>): Promise<Judgement> => {
      await rm(output, { recursive: true, force: true });
      await cp(join(folder, 'expected'), output, { recursive: true });
      await tamper((name) => join(output, name));
      return judgeJob(folder, SCENARIO, expected);
    };
    const [first = '', second = ''] = (await readdir(join(folder, 'expected')))
      .filter((name) => name.endsWith('.parquet'))
      .sort();
    expect(await judged(() => Promise.resolve())).toEqual({ lost: 0, doubled: 0, problems: [] });

    const lost = await judged((path) => rm(path(first)));
    expect(lost.lost).toBeGreaterThan(0);
    expect(lost.problems).toContain(`${first} is missing`);
    expect(lost.problems.join('\n')).toMatch(/winnow verify: exit code 1/);

    const stray = first.replace('.parquet', '-r0123abcd.parquet');
    const doubled = await judged((path) => copyFile(path(first), path(stray)));
    expect(doubled.doubled).toBeGreaterThan(0);
    expect(doubled.problems).toContain(`${stray} is there, and not in the undisturbed run`);

    // Records of one part in place of another's: as many rows or not, they are not those of the archive.
    const swapped = await judged((path) => copyFile(path(second), path(first)));
    expect(swapped.lost).toBeGreaterThan(0);
    expect(swapped.problems).toContain(`${first} has other bytes than in the undisturbed run`);

    const report = `_winnow/${first.slice('part-'.length, 'part-0000-01234567'.length)}/report.json`;
    const told = await judged(async (path) => {
      const text = await readFile(path(report), 'utf8');
      await writeFile(path(report), text.replace('"written":3000', '"written":2999'));
    });
    expect(told.problems).toContainEqual(expect.stringMatching(/^the report differs from that/));

    const runId = report.split('/')[1] ?? '';
    const attempts = `_winnow/${runId}/attempts/0`;
    const differing = await judged(async (path) => {
      const [name = ''] = await readdir(path(attempts));
      const attempt = JSON.parse(await readFile(path(`${attempts}/${name}`), 'utf8')) as Attempt;
      const conflict = {
        ...attempt,
        attempt: 'late',
        state: 'failed',
        cause: 'conflict',
        message: 'they differ',
      };
      await writeFile(path(`${attempts}/0-late.json`), JSON.stringify(conflict));
    });
    expect(differing).toMatchObject({ lost: 0, doubled: 0 });
    expect(differing.problems).toEqual([`${runId}/attempts/0/0-late.json: conflict: they differ`]);
  }));
