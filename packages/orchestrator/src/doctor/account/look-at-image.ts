import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { finding, tellable, type Finding } from '../finding.ts';
import type { AccountApi } from './account-api.ts';
import { architectureFinding, imageFindings, manifestFacts, type CpuArchitecture } from './image-findings.ts';
import { ecrImage, type EcrImage } from './image-reference.ts';

type Asked = Pick<AccountApi, 'image' | 'imageManifest' | 'imageConfiguration'>;

/**
 * Whether the image of a definition is there, and for which machines.
 *
 * @param wanted undefined where the machines are not Fargate's: they are what the compute environment takes
 */
export async function lookAtImage(
  api: Asked,
  reference: string,
  wanted: CpuArchitecture | undefined,
): Promise<readonly Finding[]> {
  const image = ecrImage(reference);
  if (image === undefined)
    return [
      finding(
        'image',
        'unknown',
        `${reference} is in no registry of Amazon ECR, and no other one is looked at`,
        'see that it is there, and that its registry can be reached from the subnets',
      ),
    ];
  return tellable('image', 'ecr:DescribeImages', isDenied, async () => {
    const detail = await api.image(image);
    const found = imageFindings(image, detail);
    if (detail === undefined || wanted === undefined) return found;
    return [...found, ...(await lookAtArchitecture(api, image, wanted))];
  });
}

const lookAtArchitecture = (
  api: Asked,
  image: EcrImage,
  wanted: CpuArchitecture,
): Promise<readonly Finding[]> =>
  tellable('architecture', 'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer', isDenied, async () => [
    architectureFinding(await architecturesOf(api, image), wanted),
  ]);

/** Those of an index stand in it; that of a single image in the configuration that its manifest names. */
async function architecturesOf(api: Asked, image: EcrImage): Promise<readonly string[]> {
  const facts = manifestFacts((await api.imageManifest(image)) ?? '{}');
  if (facts.kind === 'index') return facts.architectures;
  if (facts.configuration === undefined) return [];
  const configuration = await api.imageConfiguration(image, facts.configuration);
  return [(JSON.parse(configuration) as { architecture?: string }).architecture ?? ''];
}
