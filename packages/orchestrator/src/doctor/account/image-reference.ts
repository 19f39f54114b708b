/** An image in a registry of Amazon ECR. */
export interface EcrImage {
  readonly registryId: string;
  readonly region: string;
  readonly repository: string;
  /** Undefined where it is named by its digest alone. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/**
 * `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:tag][@digest]`, also as FIPS and dual-stack endpoints have it:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
const ECR =
  /^(?<registryId>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** The image that a job definition names, as ECR knows it; undefined for one of another registry. */
export function ecrImage(reference: string): EcrImage | undefined {
  const { registryId, region, repository, tag, digest } = ECR.exec(reference)?.groups ?? {};
  if (registryId === undefined || region === undefined || repository === undefined) return undefined;
  // What a container engine takes where neither is named.
  const named = digest === undefined ? (tag ?? 'latest') : tag;
  return { registryId, region, repository, tag: named, digest };
}
