import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AccountApi } from './account-api.ts';
import { accountError } from './account-errors.ts';
import type { EcrImage } from './image-reference.ts';

/** Somebody waits for the answer. Three tries are the SDK's own. */
const CALLS = {
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
const ANSWER_MS = 10_000;
/** STS and IAM answer for the whole account from here, where no region is set. */
const ANY_REGION = 'us-east-1';
const SERVICE = 'fargate';
const INDEXES_AND_MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The services by their SDKs: default credential chain, region and endpoint from the environment. */
export function sdkAccountApi(): AccountApi {
  const own = new STSClient(CALLS);
  const anywhere = { ...CALLS, region: () => own.config.region().catch(() => ANY_REGION) };
  const sts = new STSClient(anywhere);
  const iam = new IAMClient(anywhere);
  const ec2 = new EC2Client(CALLS);
  const quotas = new ServiceQuotasClient(CALLS);
  // Where the image lies, which may be another region than the jobs'.
  const ecr = ({ region }: EcrImage): ECRClient => new ECRClient({ ...CALLS, region });
  return {
    caller: () => asked('STS', 'GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand())),
    role: (RoleName) =>
      unlessGone('NoSuchEntityException', async () => {
        const command = new GetRoleCommand({ RoleName });
        return (await asked('IAM', 'GetRole', () => iam.send(command))).Role;
      }),
    simulate: ({ roleArn, actions, resource, context }) =>
      unlessGone('NoSuchEntityException', async () => {
        const command = new SimulatePrincipalPolicyCommand({
          PolicySourceArn: roleArn,
          ActionNames: [...actions],
          ResourceArns: [resource],
          ContextEntries: [...context],
        });
        const answer = await asked('IAM', 'SimulatePrincipalPolicy', () => iam.send(command));
        return answer.EvaluationResults ?? [];
      }),
    quota: (QuotaCode) =>
      unlessGone('NoSuchResourceException', async () => {
        const command = new GetServiceQuotaCommand({ ServiceCode: SERVICE, QuotaCode });
        return (await asked('Service Quotas', 'GetServiceQuota', () => quotas.send(command))).Quota;
      }),
    defaultQuota: (QuotaCode) =>
      unlessGone('NoSuchResourceException', async () => {
        const command = new GetAWSDefaultServiceQuotaCommand({ ServiceCode: SERVICE, QuotaCode });
        return (await asked('Service Quotas', 'GetAWSDefaultServiceQuota', () => quotas.send(command))).Quota;
      }),
    subnets: async (ids) => {
      const command = new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: [...ids] }] });
      return (await asked('EC2', 'DescribeSubnets', () => ec2.send(command))).Subnets ?? [];
    },
    routeTables: async (filters) => {
      const command = new DescribeRouteTablesCommand({ Filters: [...filters] });
      return (await asked('EC2', 'DescribeRouteTables', () => ec2.send(command))).RouteTables ?? [];
    },
    vpcEndpoints: async (vpcId) => {
      const command = new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
      return (await asked('EC2', 'DescribeVpcEndpoints', () => ec2.send(command))).VpcEndpoints ?? [];
    },
    securityGroups: async (ids) => {
      const command = new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'group-id', Values: [...ids] }],
      });
      return (await asked('EC2', 'DescribeSecurityGroups', () => ec2.send(command))).SecurityGroups ?? [];
    },
    image: (image) =>
      unlessGone('RepositoryNotFoundException', () =>
        unlessGone('ImageNotFoundException', async () => {
          const { registryId, repository: repositoryName } = image;
          const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [idOf(image)] });
          const answer = await asked('ECR', 'DescribeImages', () => ecr(image).send(command));
          return answer.imageDetails?.[0];
        }),
      ),
    imageManifest: async (image) => {
      const { registryId, repository: repositoryName } = image;
      const command = new BatchGetImageCommand({
        ...{ registryId, repositoryName, imageIds: [idOf(image)] },
        acceptedMediaTypes: INDEXES_AND_MANIFESTS,
      });
      return (await asked('ECR', 'BatchGetImage', () => ecr(image).send(command))).images?.[0]?.imageManifest;
    },
    imageConfiguration: (image, layerDigest) =>
      asked('ECR', 'GetDownloadUrlForLayer', async () => {
        const { registryId, repository: repositoryName } = image;
        const command = new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest });
        const { downloadUrl = '' } = await ecr(image).send(command);
        const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(ANSWER_MS) });
        if (!answer.ok) throw new Error(`the layer was answered with ${answer.status}`);
        return answer.text();
      }),
  };
}

/** The digest where there is one: a tag beside it says nothing. */
const idOf = ({ tag, digest }: EcrImage): ImageIdentifier =>
  digest === undefined ? { imageTag: tag } : { imageDigest: digest };

async function asked<T>(service: string, operation: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw accountError(service, operation, error);
  }
}

/** What a call gives, or undefined where the service says so of the thing that was asked for. */
async function unlessGone<T>(gone: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (((error as Error).cause as Partial<Error> | undefined)?.name === gone) return undefined;
    throw error;
  }
}
