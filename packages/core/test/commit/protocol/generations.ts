import { expect, test } from '@jest/globals';
import { generationFacts, highestGeneration } from '../../../src/commit/generations.ts';
import { createJson } from '../../../src/commit/objects.ts';
import { generationKey } from '../../../src/run-keys.ts';
import type { FreshStorage } from './fresh-storage.ts';

export function generationsSuite(fresh: FreshStorage): void {
  test('the highest generation is found by number, not by name', async () => {
    const storage = await fresh();
    expect(await highestGeneration(storage)).toBeUndefined();
    for (const n of [2, 10, 9])
      await createJson(storage, generationKey(n), {
        generation: n,
        specHash: 'ab'.repeat(32),
        createdAt: '',
      });
    expect(await highestGeneration(storage)).toBe(10);
    expect(await generationFacts(storage)).toMatchObject({
      generation: 10,
      engine: undefined,
      closed: false,
    });
  });
}
