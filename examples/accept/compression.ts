import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '@winnow/core';
import { checkRun, type Check } from './check.ts';

/** 11 bytes with a compressed block that holds nothing: zstd 1.5.4 takes it, the 1.5.7 of Node.js does not. */
const EMPTY_COMPRESSED_BLOCK = '2274d31e0d569fe9e31bedc4f9fddd9c9f114c2f.zst';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What an input decodes to, or the class of the error that ended it. */
async function decoded(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const stored = createReadStream(path) as AsyncIterable<Uint8Array>;
    for await (const { bytes } of decode(stored, { maxWindowBytes: 2 ** 31 })) hash.update(bytes);
  } catch (error) {
    return (error as Error).name;
  }
  return hash.digest('hex');
}

/** Golden streams of other people: the good decode to the file beside them, the bad are refused. */
export async function acceptCompression(data: string): Promise<Check[]> {
  const checks: Check[] = [];
  const good = ['zstd/golden-decompression', 'zstd/klauspost/good'];
  for (const folder of good) {
    for (const name of readdirSync(join(data, folder)).filter((file) => file.endsWith('.zst'))) {
      const path = join(data, folder, name);
      const plain = path.slice(0, -'.zst'.length);
      const found = await decoded(path);
      if (existsSync(plain)) checks.push(checkRun(name, 'decodes to', sha256(readFileSync(plain)), found));
      else if (name === EMPTY_COMPRESSED_BLOCK)
        checks.push(checkRun(name, 'is refused as', 'DecodeError', found));
      else checks.push(checkRun(name, 'decodes', true, /^[0-9a-f]{64}$/.test(found)));
    }
  }
  const bad = readdirSync(join(data, 'zstd/golden-decompression-errors')).map(
    (name) => `zstd/golden-decompression-errors/${name}`,
  );
  for (const file of [...bad, 'gzip/issue6550.gz'])
    checks.push(checkRun(file, 'is refused as', 'DecodeError', await decoded(join(data, file))));
  return checks;
}
