import type { ResourceRequirement } from '@aws-sdk/client-batch';

/** MiB that go with so many vCPU: from, to, step. https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html */
const MEMORY: Readonly<Record<string, readonly number[]>> = {
  '0.25': [512, 1024, 2048],
  '0.5': steps(1024, 4096, 1024),
  '1': steps(2048, 8192, 1024),
  '2': steps(4096, 16_384, 1024),
  '4': steps(8192, 30_720, 1024),
  '8': steps(16_384, 61_440, 4096),
  '16': steps(32_768, 122_880, 8192),
  '32': [61_440, 122_880, 249_856],
};

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/** Why Fargate has no task of that size; undefined where it has. */
export function fargateProblem(requirements: readonly ResourceRequirement[] = []): string | undefined {
  const valueOf = (wanted: string): string | undefined =>
    requirements.find(({ type }) => type === wanted)?.value;
  const [vcpu = 'no', memory = 'no'] = [valueOf('VCPU'), valueOf('MEMORY')];
  const sizes = MEMORY[String(Number(vcpu))];
  return sizes?.includes(Number(memory)) === true
    ? undefined
    : `Fargate resource requirements (${vcpu} vCPU, ${memory} MiB) not valid`;
}

/** Those of the definition, each replaced by the override of its type. */
export function overriddenResources(
  defined: readonly ResourceRequirement[] = [],
  overrides: readonly ResourceRequirement[] = [],
): ResourceRequirement[] {
  const types = new Set(overrides.map(({ type }) => type));
  return [...defined.filter(({ type }) => !types.has(type)), ...overrides];
}
