import { expect, test } from '@jest/globals';
import { findingLine } from '../../src/doctor/finding-text.ts';
import { lookAtMachine, type Machine } from '../../src/doctor/machine.ts';

const MACHINE: Machine = { nodeVersion: '24.1.0', hasZstd: true, availableMiB: 4000 };

test.each<[string, Partial<Machine>, 'local' | 'aws-batch', string[]]>([
  [
    'all there',
    {},
    'local',
    [
      'ok       node: Node 24.1.0, with zstd',
      'ok       memory: 4000 MiB are free: 2 processes of at most 512 MiB at once',
    ],
  ],
  [
    'too little memory',
    { availableMiB: 500 },
    'local',
    [
      'ok       node: Node 24.1.0, with zstd',
      'warning  memory: a worker may use 512 MiB, 500 MiB are free for it: end what takes the memory, or give less with --memory',
    ],
  ],
  ['containers elsewhere', { availableMiB: 500 }, 'aws-batch', ['ok       node: Node 24.1.0, with zstd']],
  [
    'no zstd',
    { hasZstd: false },
    'aws-batch',
    ['FAILED   node: Node 24.1.0 has no zstd in its zlib: install Node 24'],
  ],
])('%s', (_what, machine, backend, lines) => {
  expect(lookAtMachine({ ...MACHINE, ...machine }, { backend, memory: 512 }, 2).map(findingLine)).toEqual(
    lines,
  );
});
