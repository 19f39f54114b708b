import { expect, test } from '@jest/globals';
import { createExactly, readAll, readJson } from '../../src/commit/objects.ts';
import { ConflictError, StorageError } from '../../src/errors.ts';
import { generation } from '../../src/shapes/generation.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

test('exactly these bytes: created, found equal, or a conflict that shows both', async () => {
  const storage = new MemoryStorage();
  expect(await createExactly(storage, 'k', Buffer.from('one'))).toBe('created');
  expect(await createExactly(storage, 'k', Buffer.from('one'))).toBe('exists');
  const conflict = createExactly(storage, 'k', Buffer.from('two'));
  await expect(conflict).rejects.toThrow(ConflictError);
  await expect(conflict).rejects.toThrow(/memory:\/k.*7692c3ad.*3fc4ccfe/);
});

test('an object that is not there, no JSON, or of another shape', async () => {
  const storage = new MemoryStorage();
  expect(await readJson(storage, 'g', generation)).toBeUndefined();
  await storage.replace('g', Buffer.from('{"gener'));
  await expect(readJson(storage, 'g', generation)).rejects.toThrow(/read g: is not JSON/);
  await storage.replace('g', Buffer.from('{"generation":-1,"specHash":"","createdAt":""}'));
  await expect(readJson(storage, 'g', generation)).rejects.toThrow(/read g: has a wrong generation/);
});

test('an object that is replaced while it is read is read anew, but not for ever', async () => {
  /** As over S3: an answer broke off, and what follows of that version is gone. */
  class Replaced extends MemoryStorage {
    times = 0;
    override async *read(key: string): AsyncGenerator<Uint8Array> {
      for await (const chunk of super.read(key)) {
        yield chunk.subarray(0, 1);
        if (this.times-- > 0) throw new StorageError('changed', 'read', key, 'is another');
        yield chunk.subarray(1);
      }
    }
  }
  const storage = new Replaced();
  await storage.replace('k', Buffer.from('whole'));
  storage.times = 4;
  expect(Buffer.from(await readAll(storage, 'k')).toString()).toBe('whole');
  storage.times = 5;
  await expect(readAll(storage, 'k')).rejects.toMatchObject({ code: 'changed' });
});
