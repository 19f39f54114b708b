import { expect, test } from '@jest/globals';
import { createExactly, readJson } from '../../../src/commit/objects.ts';
import { ConflictError } from '../../../src/errors.ts';
import { generation } from '../../../src/shapes/generation.ts';
import type { FreshStorage } from './fresh-storage.ts';

export function objectsSuite(fresh: FreshStorage): void {
  test('exactly these bytes: created, found equal, or a conflict that shows both', async () => {
    const storage = await fresh();
    expect(await createExactly(storage, 'k', Buffer.from('one'))).toBe('created');
    expect(await createExactly(storage, 'k', Buffer.from('one'))).toBe('exists');
    const conflict = createExactly(storage, 'k', Buffer.from('two'));
    await expect(conflict).rejects.toThrow(ConflictError);
    await expect(conflict).rejects.toThrow(/\/k: .*7692c3ad.*3fc4ccfe/);
  });

  test('an object that is not there, no JSON, or of another shape', async () => {
    const storage = await fresh();
    expect(await readJson(storage, 'g', generation)).toBeUndefined();
    await storage.replace('g', Buffer.from('{"gener'));
    await expect(readJson(storage, 'g', generation)).rejects.toThrow(/read (\S+\/)?g: is not JSON/);
    await storage.replace('g', Buffer.from('{"generation":-1,"specHash":"","createdAt":""}'));
    await expect(readJson(storage, 'g', generation)).rejects.toThrow(
      /read (\S+\/)?g: has a wrong generation/,
    );
  });
}
