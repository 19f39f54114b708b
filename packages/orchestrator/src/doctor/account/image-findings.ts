import type { ImageDetail } from '@aws-sdk/client-ecr';
import { bytesText } from '../../report/figures.ts';
import { finding, ok, type Finding } from '../finding.ts';
import type { EcrImage } from './image-reference.ts';

/** As a job definition has it in `runtimePlatform.cpuArchitecture`. */
export type CpuArchitecture = 'X86_64' | 'ARM64';

/** The same in an image: https://github.com/opencontainers/image-spec/blob/main/config.md */
const IN_IMAGES = { X86_64: 'amd64', ARM64: 'arm64' } as const satisfies Record<CpuArchitecture, string>;

/** Whether it is there, how large it is, and whether its name stays with it. */
export function imageFindings(image: EcrImage, detail: ImageDetail | undefined): Finding[] {
  const { registryId, region, repository, tag, digest } = image;
  const name = digest === undefined ? `${repository}:${tag ?? ''}` : `${repository}@${digest}`;
  if (detail === undefined)
    return [
      finding(
        'image',
        'failed',
        `${name} is not in the registry of ${registryId} in ${region}`,
        'push it, or register the definition with one that is there',
      ),
    ];
  const { imageSizeInBytes: bytes, imageDigest } = detail;
  const there = `${name} is there${bytes === undefined ? '' : `, ${bytesText(bytes)} compressed`}`;
  if (digest !== undefined || tag !== 'latest') return [ok('image', there)];
  return [
    finding(
      'image',
      'warning',
      `${there}, by a tag that moves: containers of one run may get different ones`,
      `name it by its digest: ${repository}@${imageDigest ?? 'sha256:…'}`,
    ),
  ];
}

/** What a manifest says of machines: an index all of them, that of a single image where to look. */
export type ManifestFacts =
  | { readonly kind: 'index'; readonly architectures: readonly string[] }
  | { readonly kind: 'single'; readonly configuration: string | undefined };

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md, and Docker's of the same shape. */
export function manifestFacts(json: string): ManifestFacts {
  const { manifests, config } = JSON.parse(json) as {
    manifests?: readonly { platform?: { architecture?: string; os?: string } }[];
    config?: { digest?: string };
  };
  if (manifests === undefined) return { kind: 'single', configuration: config?.digest };
  // Attestations stand there as images for `unknown`.
  const named = manifests.flatMap(({ platform }) => platform?.architecture ?? []);
  return { kind: 'index', architectures: named.filter((name) => name !== 'unknown') };
}

/** Whether the image is for the machines that the definition is for. */
export function architectureFinding(has: readonly string[], wanted: CpuArchitecture): Finding {
  const needs = IN_IMAGES[wanted];
  const known = has.filter((name) => name !== '');
  const all = [...new Set(known)].join(', ');
  if (known.length === 0)
    return finding(
      'architecture',
      'unknown',
      'the manifest of the image names none',
      `see that it is built for linux/${needs}`,
    );
  return known.includes(needs)
    ? ok('architecture', `the image is for ${all}, the definition for ${wanted}`)
    : finding(
        'architecture',
        'failed',
        `the image is for ${all}, the definition for ${wanted}: no container would start`,
        `build it for linux/${needs}, or set runtimePlatform.cpuArchitecture to what it is for`,
      );
}
