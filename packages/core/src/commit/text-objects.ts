import type { Storage } from '../storage/storage.ts';
import { storedDigest } from './digest.ts';
import { assertEqual } from './objects.ts';
import type { TextCodec } from './text-codec.ts';
import { createHash } from 'node:crypto';

/** A compressed text object under way: what {@link TextObject.commit} makes of it must not depend on who wrote it. */
export interface TextObject {
  write(line: string): Promise<void>;
  /** Creates it exclusively. @throws ConflictError where other bytes stand already. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** Starts a compressed text object that is created exclusively, in bounded memory. */
export async function createText(storage: Storage, key: string, codec: TextCodec): Promise<TextObject> {
  const pending = await storage.create(key);
  const hash = createHash('sha256');
  let bytes = 0;
  const writer = codec.writer({
    write: async (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      await pending.write(chunk);
    },
  });
  return {
    write: (line) => writer.write(`${line}\n`),
    commit: async () => {
      await writer.finish();
      const [outcome] = await storage.commit([pending]);
      if (outcome === 'created') return;
      assertEqual(storage, key, { bytes, sha256: hash.digest('hex') }, await storedDigest(storage, key));
    },
    abort: () => pending.abort(),
  };
}
