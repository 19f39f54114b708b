import { expect, test } from '@jest/globals';
import { fargateProblem, overriddenResources } from '../../src/moto-gaps/fargate-size.ts';

const size = (vcpu: string, memory: string) => [
  { type: 'VCPU' as const, value: vcpu },
  { type: 'MEMORY' as const, value: memory },
];

test.each([
  ['0.25', '512', true],
  ['0.25', '1536', false],
  ['.25', '2048', true],
  ['0.5', '4096', true],
  ['0.5', '5120', false],
  ['1', '2048', true],
  ['1.0', '8192', true],
  ['1', '1024', false],
  ['1', '2049', false],
  ['3', '8192', false],
  ['4', '30720', true],
  ['4', '31744', false],
  ['8', '20480', true],
  ['8', '17408', false],
  ['16', '122880', true],
  ['32', '249856', true],
  ['32', '65536', false],
])('%s vCPU with %s MiB is a size: %s', (vcpu, memory, valid) => {
  expect(fargateProblem(size(vcpu, memory)) === undefined).toBe(valid);
});

test('none is no size', () => {
  expect(fargateProblem([])).toBe('Fargate resource requirements (no vCPU, no MiB) not valid');
});

test('an override replaces its type only', () => {
  expect(overriddenResources(size('1', '2048'), [{ type: 'MEMORY', value: '4096' }])).toEqual(
    size('1', '4096'),
  );
});
