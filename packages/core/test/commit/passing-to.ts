import type { Storage } from '../../src/storage/storage.ts';

/** A storage that passes everything on to another one, but for what is given here. */
export const passingTo = (storage: Storage, instead: Partial<Storage>): Storage => ({
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
});
