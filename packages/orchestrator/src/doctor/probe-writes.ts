import type { PendingObject, Storage } from '@winnow/core';

/** Whether a storage keeps the two conditions that commits rest on. */
export interface WritesFound {
  /** An object that is there was not created again (`If-None-Match`; on a disk `link()`). */
  readonly createsOnce: boolean;
  /** A version that is not the expected one was not replaced (`If-Match`), and the expected one was. */
  readonly replacesThatVersion: boolean;
}

/** An ETag, and a time of change, that nothing has. */
const NO_SUCH_PIN = '"00000000000000000000000000000000"';

/**
 * Does to one object what commits do: creates it twice, and replaces it under a pin that does not hold and one that does.
 * Nothing is left behind.
 *
 * @throws StorageError where a write is refused altogether
 */
export async function probeWrites(storage: Storage, key: string): Promise<WritesFound> {
  const pendings: PendingObject[] = [];
  const pending = async (text: string): Promise<PendingObject> => {
    const object = await storage.create(key);
    pendings.push(object);
    await object.write(Buffer.from(text));
    await object.end();
    return object;
  };
  try {
    const created = await storage.commit([await pending('first')]);
    const again = await storage.commit([await pending('second')]);
    const pin = (await storage.stat(key))?.pin ?? '';
    const wrong = await storage.commitOver(await pending('third'), NO_SUCH_PIN);
    // What a server without conditions has replaced has another pin by now.
    const right = wrong === 'replaced' ? wrong : await storage.commitOver(await pending('fourth'), pin);
    return {
      createsOnce: created[0] === 'created' && again[0] === 'exists',
      replacesThatVersion: wrong === 'changed' && right === 'replaced',
    };
  } finally {
    for (const object of pendings) await object.abort();
    await storage.remove(key);
  }
}
