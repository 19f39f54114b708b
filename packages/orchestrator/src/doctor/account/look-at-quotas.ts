import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { tellable, type Finding } from '../finding.ts';
import type { AccountApi } from './account-api.ts';
import { FARGATE_QUOTAS, placesByKind, quotaFinding, type QuotaValue } from './quota-findings.ts';

type Asked = Pick<AccountApi, 'quota' | 'defaultQuota'>;

/** The account's quota of each kind of Fargate that the environments have. */
export async function lookAtQuotas(
  api: Asked,
  environments: readonly ComputeEnvironmentDetail[],
  vcpus: number,
  maxRunning: number | undefined,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [kind, places] of placesByKind(environments, vcpus))
    found.push(
      ...(await tellable('quota', 'servicequotas:GetServiceQuota', isDenied, async () => {
        const value = await quotaValue(api, FARGATE_QUOTAS[kind].code);
        return [quotaFinding(kind, value, { vcpus, places, maxRunning })];
      })),
    );
  return found;
}

/**
 * An account that never asked for more may have no value of its own. The default then needs a permission besides, and is
 * unknown without it.
 */
async function quotaValue(api: Asked, code: string): Promise<QuotaValue | undefined> {
  const own = (await api.quota(code))?.Value;
  if (own !== undefined) return { vcpus: own, isDefault: false };
  const byDefault = (await api.defaultQuota(code).catch(() => undefined))?.Value;
  return byDefault === undefined ? undefined : { vcpus: byDefault, isDefault: true };
}
