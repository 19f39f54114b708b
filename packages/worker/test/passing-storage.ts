import type { Storage } from '@winnow/core';

/** A storage that passes everything on to another one, but for what is given here. */
export function passingTo(storage: Storage, instead: Partial<Storage>): Storage {
  return {
    uri: storage.uri,
    list: (prefix, options) => storage.list(prefix, options),
    stat: (key) => storage.stat(key),
    read: (key, options) => storage.read(key, options),
    create: (key) => storage.create(key),
    commit: (objects) => storage.commit(objects),
    commitOver: (object, pin) => storage.commitOver(object, pin),
    copy: (from, to) => storage.copy(from, to),
    replace: (key, bytes) => storage.replace(key, bytes),
    remove: (key) => storage.remove(key),
    discardPending: (keysBegin) => storage.discardPending(keysBegin),
    ...instead,
  };
}

/** Reads come in chunks of these lengths, taken in turn. */
export function inChunks(storage: Storage, lengths: readonly number[]): Storage {
  return passingTo(storage, {
    read: async function* (key, options) {
      let turn = 0;
      for await (const chunk of storage.read(key, options)) {
        for (let at = 0; at < chunk.length;) {
          const length = lengths[turn++ % lengths.length] ?? 1;
          yield chunk.subarray(at, at + length);
          at += length;
        }
      }
    },
  });
}

/** Something happens to an input each time when a reading of it has come to a point. */
export function disturbed(
  storage: Storage,
  key: string,
  disturb: {
    readonly before?: (reading: number) => Promise<void>;
    readonly afterChunk?: (n: number, reading: number) => Promise<void>;
  },
): Storage {
  let readings = 0;
  return passingTo(storage, {
    read: async function* (asked, options) {
      if (asked !== key) {
        yield* storage.read(asked, options);
        return;
      }
      const reading = readings++;
      await disturb.before?.(reading);
      let n = 0;
      for await (const chunk of storage.read(asked, options)) {
        yield chunk;
        await disturb.afterChunk?.(n++, reading);
      }
    },
  });
}
