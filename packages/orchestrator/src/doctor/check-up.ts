import { absoluteRoot, isS3Uri } from '@winnow/core';
import type { Variables } from '../hooks/reveal-secrets.ts';
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
  /** Whether it takes credentials for AWS, or for a server that stands for it. */
  readonly ofAws: boolean;
  readonly look: () => Promise<readonly Finding[]>;
}

/**
 * Looks at everything that a run of the spec would need, one after the other; whatever fails, the rest is looked at. Without
 * credentials nothing of AWS can be: one line says so, not one for each thing.
 */
export async function checkUp(
  { spec, onFinding }: CheckupRequest,
  edge: OperationsEdge,
  hooks: Hooks,
): Promise<CheckupSummary> {
  const findings: Finding[] = [];
  let hasCredentials = true;
  for (const { name, ofAws, look } of checksOf(spec, edge, hooks)) {
    hooks.signal.throwIfAborted();
    if (ofAws && !hasCredentials) continue;
    for (const found of await lookedAt(name, look)) {
      if (name === CREDENTIALS && found.state === 'failed') hasCredentials = false;
      findings.push(found);
      await onFinding(found);
    }
  }
  return { failed: findings.filter(({ state }) => state === 'failed').length, findings };
}

function checksOf(spec: CheckupSpec, edge: OperationsEdge, { cwd }: Hooks): Check[] {
  const { source, output } = spec;
  const root = output === undefined ? undefined : absoluteRoot(output, cwd);
  const readsS3 = source !== undefined && isS3Uri(source.replace(/^@/, ''));
  const writesS3 = root !== undefined && isS3Uri(root);
  const usesBatch = spec.queue !== undefined || spec.jobDefinition !== undefined;
  return [
    {
      name: 'machine',
      ofAws: false,
      look: () => Promise.resolve(lookAtMachine(edge.machine(), spec, edge.processes(spec, spec.memory))),
    },
    ...(readsS3 || writesS3 || usesBatch
      ? [
          {
            name: CREDENTIALS,
            ofAws: true,
            // Loaded where it is asked for, as backends are.
            look: async () => {
              const { lookAtCredentials } = await import('./account/credentials.ts');
              return [await lookAtCredentials(await edge.account(), otherServer(edge.environment))];
            },
          },
        ]
      : []),
    ...(source === undefined
      ? []
      : [
          {
            name: 'source',
            ofAws: readsS3,
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
            ofAws: writesS3,
            look: async () => [
              ...mountFindings(spec, root, cwd),
              ...(isS3Uri(root)
                ? await lookAtBucket(await edge.openStorage(root), await edge.bucketFacts(root))
                : await lookAtFolder(root)),
            ],
          },
        ]),
    ...(!usesBatch
      ? []
      : [
          {
            name: 'AWS Batch',
            ofAws: true,
            look: async () => {
              const { lookAtBatch } = await import('./batch/look-at-batch.ts');
              return lookAtBatch(await edge.batchSetup(), await edge.account(), spec, {
                nowMs: edge.now().getTime(),
                // A bucket that cannot be looked at has a line of its own.
                regionOf: async (uri) => (await edge.bucketFacts(uri)).region().catch(() => undefined),
              });
            },
          },
        ]),
  ];
}

const CREDENTIALS = 'credentials';

/** Where calls to S3 go, if not to AWS: credentials may be that server's own. */
const otherServer = (environment: Variables): string | undefined =>
  environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'] || undefined;

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
