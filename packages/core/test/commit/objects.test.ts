import { expect, test } from '@jest/globals';
import { readAll } from '../../src/commit/objects.ts';
import { StorageError } from '../../src/errors.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

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
