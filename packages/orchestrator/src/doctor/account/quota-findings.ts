import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { countOf, countText } from '../../report/figures.ts';
import { finding, ok, type Finding } from '../finding.ts';

/** How many vCPUs of a kind run at once in an account and region. */
export interface FargateQuota {
  /** In Service Quotas, of the service `fargate`. */
  readonly code: string;
  readonly name: string;
}

/**
 * By the type of a compute environment. Names: https://docs.aws.amazon.com/general/latest/gr/ecs-service.html; the codes are
 * those of `aws service-quotas list-service-quotas --service-code fargate`.
 */
export const FARGATE_QUOTAS = {
  FARGATE: { code: 'L-3032A538', name: 'Fargate On-Demand vCPU resource count' },
  FARGATE_SPOT: { code: 'L-36FBB829', name: 'Fargate Spot vCPU resource count' },
} as const satisfies Readonly<Record<string, FargateQuota>>;

export type FargateKind = keyof typeof FARGATE_QUOTAS;

/** What AWS says of a quota; undefined: nothing. */
export interface QuotaValue {
  readonly vcpus: number;
  /** AWS's default: the account has no value of its own, or does not tell it. */
  readonly isDefault: boolean;
}

/** The kinds of Fargate that environments have, and what `maxvCpus` of those of a kind let run at once. */
export function placesByKind(
  environments: readonly ComputeEnvironmentDetail[],
  vcpus: number,
): Map<FargateKind, number> {
  const places = new Map<FargateKind, number>();
  for (const { computeResources } of environments) {
    const { type, maxvCpus = 0 } = computeResources ?? {};
    if (type !== 'FARGATE' && type !== 'FARGATE_SPOT') continue;
    places.set(type, (places.get(type) ?? 0) + Math.floor(maxvCpus / vcpus));
  }
  return places;
}

/**
 * Whether a quota lets as many containers run as there is room for, or as `--max-running` asks for where that is less.
 *
 * @param places by `maxvCpus`
 */
export function quotaFinding(
  kind: FargateKind,
  value: QuotaValue | undefined,
  {
    vcpus,
    places,
    maxRunning = Infinity,
  }: { vcpus: number; places: number; maxRunning?: number | undefined },
): Finding {
  const { code, name } = FARGATE_QUOTAS[kind];
  if (value === undefined)
    return finding(
      'quota',
      'unknown',
      `AWS tells none for ${name} (${code})`,
      'look at it in Service Quotas',
    );
  const atOnce = Math.floor(value.vcpus / vcpus);
  const whose = value.isDefault ? "AWS's default, a new account may have less" : 'of the whole account';
  const message = `${name} is ${countText(value.vcpus)} (${whose}): ${countOf(atOnce, 'container')} of ${vcpus} vCPU at once`;
  const wanted = Math.min(places, maxRunning);
  if (atOnce >= wanted) return ok('quota', message);
  const more = `ask for more in Service Quotas (fargate, ${code})`;
  if (atOnce === 0) return finding('quota', 'failed', message, `${more}, or give less with --vcpus`);
  const asked = wanted === maxRunning ? '--max-running asks for' : 'maxvCpus have room for';
  return finding(
    'quota',
    'warning',
    `${message}; ${asked} ${countText(wanted)}`,
    `${more}, or keep to it with --max-running ${atOnce}; the others wait in RUNNABLE`,
  );
}
