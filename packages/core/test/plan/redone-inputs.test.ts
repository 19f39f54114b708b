import { expect, test } from '@jest/globals';
import { redoneInputs } from '../../src/plan/redone-inputs.ts';
import type { InputOutcome } from '../../src/shapes/generation.ts';
import { allOf } from '../commit/all-of.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

const SHA = 'ab'.repeat(32);
const STANDING = 'cd'.repeat(32);

async function* listed(outcomes: readonly InputOutcome[]): AsyncGenerator<InputOutcome> {
  for (const outcome of outcomes) yield await Promise.resolve(outcome);
}

test('each input is done again only as it was read before', async () => {
  const source = new MemoryStorage();
  for (const key of ['changed', 'same', 'swept', 'unsettled']) await source.replace(key, Buffer.from(key));
  const outcome = async (key: string, more: Partial<InputOutcome> = {}): Promise<InputOutcome> => {
    const { size = 3, pin = 'p' } = (await source.stat(key)) ?? {};
    const known = { outcome: 'done', runId: '0001-x', output: `${key}.parquet`, sha256: SHA } as const;
    return { ...{ key, size, pin }, ...known, ...more };
  };
  const found = await allOf(
    redoneInputs(
      source,
      listed([
        await outcome('changed', { pin: 'other' }),
        await outcome('gone'),
        await outcome('same'),
        await outcome('swept'),
        await outcome('unsettled', { unsettled: true }),
      ]),
      {
        standing: () => Promise.resolve(STANDING),
        isSwept: (output, runId) => output === 'swept.parquet' && runId === '0001-x',
      },
    ),
  );
  const pinOf = async (key: string) => (await source.stat(key))?.pin;
  expect(found).toEqual([
    { key: 'changed', size: 7, pin: await pinOf('changed'), refuse: 'changed' },
    { key: 'gone', size: 3, pin: 'p', refuse: 'vanished' },
    { key: 'same', size: 4, pin: await pinOf('same'), output: 'same.parquet', replaces: SHA },
    { key: 'swept', size: 5, pin: await pinOf('swept') },
    {
      key: 'unsettled',
      size: 9,
      pin: await pinOf('unsettled'),
      output: 'unsettled.parquet',
      replaces: STANDING,
    },
  ]);
});
