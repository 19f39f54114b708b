import { MemoryStorage } from './memory-storage.ts';
import { storageContract } from './contract.ts';

// The explorer's findings hold for real storages as far as this one keeps the same contract.
storageContract('memory', () =>
  Promise.resolve({ storage: new MemoryStorage(), cleanup: () => Promise.resolve() }),
);
