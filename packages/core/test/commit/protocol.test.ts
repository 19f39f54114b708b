import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskStorage } from '../../src/storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { protocolSuite } from './protocol/protocol-suite.ts';

protocolSuite('memory', () =>
  Promise.resolve({ storage: new MemoryStorage(), cleanup: () => Promise.resolve() }),
);

protocolSuite('a disk', () => {
  const root = mkdtempSync(join(tmpdir(), 'winnow-protocol-'));
  return Promise.resolve({
    storage: diskStorage(root),
    cleanup: () => rm(root, { recursive: true, force: true }),
  });
});
