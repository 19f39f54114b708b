import { absoluteRoot, isS3Uri } from '@winnow/core';
import type { CheckupRequest, CheckupSummary, Hooks } from '../operations/operations.ts';
import type { OperationsEdge } from '../operations/edge.ts';
import { assertApart, openInputs } from '../run/place.ts';
import type { CheckupSpec } from './checkup-spec.ts';
import { finding, lookedAt, type Finding } from './finding.ts';
import { lookAtMachine } from './machine.ts';
import { lookAtBucket } from './output-bucket.ts';
import { lookAtFolder } from './output-folder.ts';
import { lookAtSource } from './source.ts';

/** Something to look at. A failure of it is its finding. */
interface Check {
  readonly name: string;
  readonly look: () => Promise<readonly Finding[]>;
}

/** Looks at everything that a run of the spec would need, one after the other; whatever fails, the rest is looked at. */
export async function checkUp(
  { spec, onFinding }: CheckupRequest,
  edge: OperationsEdge,
  hooks: Hooks,
): Promise<CheckupSummary> {
  const findings: Finding[] = [];
  for (const { name, look } of checksOf(spec, edge, hooks)) {
    hooks.signal.throwIfAborted();
    for (const found of await lookedAt(name, look)) {
      findings.push(found);
      await onFinding(found);
    }
  }
  return { failed: findings.filter(({ state }) => state === 'failed').length, findings };
}

function checksOf(spec: CheckupSpec, edge: OperationsEdge, { cwd }: Hooks): Check[] {
  const { source, output } = spec;
  const root = output === undefined ? undefined : absoluteRoot(output, cwd);
  return [
    {
      name: 'machine',
      look: () => Promise.resolve(lookAtMachine(edge.machine(), spec, edge.processes(spec, spec.memory))),
    },
    ...(source === undefined
      ? []
      : [
          {
            name: 'source',
            look: async () => {
              if (root !== undefined) assertApart(source, root, cwd);
              const opened = await openInputs({ source, output }, { cwd, openStorage: edge.openStorage });
              return [...mountFindings(spec, source, cwd), ...(await lookAtSource(opened))];
            },
          },
        ]),
    ...(root === undefined
      ? []
      : [
          {
            name: 'output',
            look: async () => [
              ...mountFindings(spec, root, cwd),
              ...(isS3Uri(root)
                ? await lookAtBucket(await edge.openStorage(root), await edge.bucketFacts(root))
                : await lookAtFolder(root)),
            ],
          },
        ]),
    ...(spec.queue === undefined && spec.jobDefinition === undefined
      ? []
      : [
          {
            name: 'AWS Batch',
            // Loaded where it is asked for, as backends are.
            look: async () => {
              const { lookAtBatch } = await import('./batch/look-at-batch.ts');
              return lookAtBatch(await edge.batchSetup(), spec, {
                nowMs: edge.now().getTime(),
                // A bucket that cannot be looked at has a line of its own.
                regionOf: async (uri) => (await edge.bucketFacts(uri)).region().catch(() => undefined),
              });
            },
          },
        ]),
  ];
}

/** A folder of this machine is one of the containers' only where they mount it too. */
function mountFindings({ backend }: CheckupSpec, place: string, cwd: string): Finding[] {
  const root = absoluteRoot(place.replace(/^@/, ''), cwd);
  if (backend !== 'aws-batch' || isS3Uri(root)) return [];
  const message = `${root} is a folder of this machine`;
  return [
    finding(
      'mount',
      'warning',
      message,
      'mount it under the same path in the containers (EFS), or use s3://',
    ),
  ];
}
