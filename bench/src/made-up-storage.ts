import { runKeys, type Storage, type StoredObject } from '@winnow/core';

/** One object of so many bytes, all of it lines that say the same: as large as anybody likes, on no disk. */
export function oneLargeObject(key: string, size: number): Storage {
  const line = Buffer.from(`{"id":1,"text":"${'x'.repeat(44)}"}\n`);
  const block = Buffer.concat(Array.from({ length: 1024 }, () => line));
  const object: StoredObject = { key, size, pin: 'p' };
  const no = (): Promise<never> => Promise.reject(new Error('nothing is written here'));
  return {
    uri: 's3://winnow-source',
    list: async function* () {
      yield await Promise.resolve(object);
    },
    stat: (asked) => Promise.resolve(asked === key ? object : undefined),
    read: async function* (_, { start = 0, end = size } = {}) {
      const last = Math.min(end, size);
      for (let at = start; at < last;) {
        const from = at % block.length;
        const piece = block.subarray(from, Math.min(block.length, from + last - at));
        at += piece.length;
        yield await Promise.resolve(piece);
      }
    },
    ...{ create: no, commit: no, commitOver: no, copy: no, replace: no, remove: no, discardPending: no },
  };
}

/**
 * A storage in which the units of a run that are done have their receipts, made when they are asked for. What is written
 * and read besides goes to the storage behind it.
 */
export function withReceipts(
  storage: Storage,
  units: number,
  unitBytes: number,
  isDone: (unit: number) => boolean,
): Storage {
  const digits = (unit: number): string => String(unit).padStart(6, '0');
  const keyOf = /^_winnow\/([^/]+)\/receipts\/(\d{6})-0000\.json$/;
  const folderOf = /^_winnow\/([^/]+)\/receipts\/$/;
  const receipt = (runId: string, unit: number): Buffer =>
    Buffer.from(
      `${JSON.stringify({
        ...{ runId, unit, sub: 0, last: true },
        records: { read: 1000, written: 0, filtered: 1000, quarantined: 0 },
        skipped: { blank: 0, bom: 0, header: 0 },
        lines: 1000,
        bytes: {
          planned: unitBytes,
          read: unitBytes,
          refused: 0,
          decoded: unitBytes,
          written: 0,
        },
        ...{ decodedEnd: 0, parts: [], drift: [], refused: [] },
      })}\n`,
    );
  return {
    uri: storage.uri,
    list: async function* (prefix, options = {}) {
      const runId = folderOf.exec(prefix)?.[1];
      if (runId === undefined) {
        yield* storage.list(prefix, options);
        return;
      }
      const keys = runKeys(runId);
      const first = options.after === undefined ? 0 : Number(options.after.slice(keys.receipts.length));
      const end = options.until === undefined ? units : Number(options.until.slice(keys.receipts.length));
      for (let unit = first; unit < end; unit++)
        if (isDone(unit)) yield { key: `${keys.receipts}${digits(unit)}-0000.json`, size: 1, pin: 'p' };
    },
    stat: (key) => storage.stat(key),
    read: async function* (key, options) {
      const [, runId, unit] = keyOf.exec(key) ?? [];
      if (runId === undefined) yield* storage.read(key, options);
      else yield await Promise.resolve(receipt(runId, Number(unit)));
    },
    create: (key) => storage.create(key),
    commit: (objects) => storage.commit(objects),
    commitOver: (object, pin) => storage.commitOver(object, pin),
    replace: (key, bytes) => storage.replace(key, bytes),
    remove: (key) => storage.remove(key),
    copy: (from, to) => storage.copy(from, to),
    discardPending: (keysBegin) => storage.discardPending(keysBegin),
  };
}
