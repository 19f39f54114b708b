import type { Filter, RouteTable, SecurityGroup, Subnet, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { ContextEntry, EvaluationResult, Role } from '@aws-sdk/client-iam';
import type { ServiceQuota } from '@aws-sdk/client-service-quotas';
import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { EcrImage } from './image-reference.ts';

/** Asks whether a role may do something to one resource. */
export interface Simulation {
  readonly roleArn: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** What policies may make conditions of. */
  readonly context: readonly ContextEntry[];
}

/**
 * What doctor asks of an account beside AWS Batch and S3: one method a call, nothing decided here. The answers are the
 * services' own; what is not there is undefined, or missing in a list.
 */
export interface AccountApi {
  caller(): Promise<GetCallerIdentityResponse>;
  role(name: string): Promise<Role | undefined>;
  /** Undefined where there is no such role. */
  simulate(simulation: Simulation): Promise<readonly EvaluationResult[] | undefined>;
  /** Of AWS Fargate; undefined where the account has no value of its own. */
  quota(code: string): Promise<ServiceQuota | undefined>;
  defaultQuota(code: string): Promise<ServiceQuota | undefined>;
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  routeTables(filters: readonly Filter[]): Promise<readonly RouteTable[]>;
  vpcEndpoints(vpcId: string): Promise<readonly VpcEndpoint[]>;
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroup[]>;
  image(image: EcrImage): Promise<ImageDetail | undefined>;
  /** As JSON: an index of manifests, or the manifest of one architecture. */
  imageManifest(image: EcrImage): Promise<string | undefined>;
  /** The configuration that a manifest names, as JSON. */
  imageConfiguration(image: EcrImage, digest: string): Promise<string>;
}
