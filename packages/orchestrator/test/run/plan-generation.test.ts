import { expect, test } from '@jest/globals';
import {
  createExactly,
  isNotFound,
  parseSpec,
  readRun,
  storageOpener,
  type PlannedInput,
} from '@winnow/core';
import { planGeneration } from '../../src/run/plan-generation.ts';
import { withFolder } from '../winnow.ts';

async function* noInputs(): AsyncGenerator<PlannedInput> {
  // There are none.
}

test('a generation is not planned any more once the next one is taken', () =>
  withFolder(async (folder) => {
    const output = await storageOpener({})(folder);
    const runId = '0000-abababab';
    await createExactly(output, '_winnow/generations/0.json', Buffer.from('{}'));
    await createExactly(output, '_winnow/generations/1.json', Buffer.from('{}'));
    const toPlan = {
      ...{ runId, generation: 0, specHash: 'ab'.repeat(32), createdAt: 'now' },
      ...{ replaces: undefined, follows: undefined, takenNames: undefined, columns: [] },
      spec: parseSpec({ source: 'in', output: 'out' }),
      source: { root: folder, storage: output },
      inputs: noInputs(),
    };
    await expect(planGeneration(output, toPlan, new AbortController().signal)).rejects.toThrow(
      'run 0000-abababab was given up: generation 1 takes its place',
    );
    expect(await readRun(output, runId).catch(isNotFound)).toBe(true);
  }));
