import type { ImageDetail } from '@aws-sdk/client-ecr';
import { expect, test } from '@jest/globals';
import type { AccountApi } from '../../../src/doctor/account/account-api.ts';
import type { CpuArchitecture } from '../../../src/doctor/account/image-findings.ts';
import { lookAtImage } from '../../../src/doctor/account/look-at-image.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/winnow';
const index = (...architectures: string[]): string =>
  JSON.stringify({ manifests: architectures.map((architecture) => ({ platform: { architecture } })) });
const SINGLE = JSON.stringify({ config: { digest: 'sha256:configuration' } });

/** What ECR answers, in its own shapes. */
interface Answers {
  readonly detail?: ImageDetail;
  readonly manifest?: string;
  readonly configuration?: string;
}
const registry = ({ detail, manifest, configuration }: Answers) =>
  ({
    image: () => Promise.resolve(detail),
    imageManifest: () => Promise.resolve(manifest),
    imageConfiguration: (_image, digest) =>
      digest === 'sha256:configuration' && configuration !== undefined
        ? Promise.resolve(configuration)
        : Promise.reject(new Error('no such layer')),
  }) satisfies Partial<AccountApi>;

const THERE: ImageDetail = { imageSizeInBytes: 62_900_000, imageDigest: DIGEST };

test.each<[string, string, Answers, CpuArchitecture | undefined, (string | RegExp)[]]>([
  [
    'an index with that architecture, and an attestation',
    `${IMAGE}:1`,
    { detail: THERE, manifest: index('amd64', 'arm64', 'unknown') },
    'X86_64',
    [
      'ok       image: winnow:1 is there, 62.9 MB compressed',
      'ok       architecture: the image is for amd64, arm64, the definition for X86_64',
    ],
  ],
  [
    'an index without it',
    `${IMAGE}:1`,
    { detail: { imageDigest: DIGEST }, manifest: index('arm64') },
    'X86_64',
    [
      'ok       image: winnow:1 is there',
      'FAILED   architecture: the image is for arm64, the definition for X86_64: no container would start: build it for linux/amd64, or set runtimePlatform.cpuArchitecture to what it is for',
    ],
  ],
  [
    'a single image of that architecture',
    `${IMAGE}:1`,
    { detail: THERE, manifest: SINGLE, configuration: '{"architecture":"arm64"}' },
    'ARM64',
    [/^ok {7}image: /, 'ok       architecture: the image is for arm64, the definition for ARM64'],
  ],
  [
    'a single image of another one',
    `${IMAGE}:1`,
    { detail: THERE, manifest: SINGLE, configuration: '{"architecture":"amd64"}' },
    'ARM64',
    [/^ok {7}image: /, /^FAILED {3}architecture: .* for amd64, .* for ARM64.*linux\/arm64/],
  ],
  [
    'a configuration that cannot be had',
    `${IMAGE}:1`,
    { detail: THERE, manifest: SINGLE },
    'ARM64',
    [/^ok {7}image: /, 'unknown  architecture: no such layer'],
  ],
  [
    'a manifest that says nothing',
    `${IMAGE}:1`,
    { detail: THERE, manifest: '{}' },
    'ARM64',
    [/^ok {7}image: /, /^unknown {2}architecture: .* names none: see that it is built for linux\/arm64$/],
  ],
  [
    'machines of EC2, which are of any kind',
    `${IMAGE}:1`,
    { detail: THERE, manifest: index('arm64') },
    undefined,
    [/^ok {7}image: /],
  ],
  [
    'a tag that moves',
    IMAGE,
    { detail: THERE },
    undefined,
    [
      `warning  image: winnow:latest is there, 62.9 MB compressed, by a tag that moves: containers of one run may get different ones: name it by its digest: winnow@${DIGEST}`,
    ],
  ],
  [
    'a digest, whatever tag stands beside it',
    `${IMAGE}:latest@${DIGEST}`,
    { detail: THERE },
    undefined,
    [`ok       image: winnow@${DIGEST} is there, 62.9 MB compressed`],
  ],
  [
    'not there',
    `${IMAGE}:1`,
    {},
    'X86_64',
    [
      'FAILED   image: winnow:1 is not in the registry of 123456789012 in eu-west-1: push it, or register the definition with one that is there',
    ],
  ],
  [
    'of another registry',
    'winnow/worker:1',
    {},
    'X86_64',
    [/^unknown {2}image: winnow\/worker:1 is in no registry of Amazon ECR.*: see that it is there/],
  ],
])('%s', async (_what, reference, answers, wanted, lines) => {
  const found = await lookAtImage(registry(answers), reference, wanted);
  expect(found.map(findingLine)).toEqual(
    lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
  );
});
