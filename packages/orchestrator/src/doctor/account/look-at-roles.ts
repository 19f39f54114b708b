import type { EvaluationResult, Role } from '@aws-sdk/client-iam';
import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { finding, ok, tellable, type Finding } from '../finding.ts';
import type { AccountApi } from './account-api.ts';
import { grantFindings, verdictsOf, type Verdict } from './grant-findings.ts';
import type { AccountFacts, NeededGrant } from './needed-grants.ts';
import { TASKS, trustOfTasks } from './trust-policy.ts';

type Asked = Pick<AccountApi, 'role' | 'simulate'>;

/** A role that a job definition names. */
export interface NamedRole {
  readonly check: 'execution role' | 'job role';
  readonly arn: string;
  readonly needed: readonly NeededGrant[];
}

/** Whether a role is there, may be taken, and is granted what it is for: a line or more for each. */
export async function lookAtRole(api: Asked, { check, arn, needed }: NamedRole): Promise<Finding[]> {
  const name = arn.replace(/^.*\//, '');
  const granted = `${check} grants`;
  return [
    ...(await tellable(check, 'iam:GetRole', isDenied, async () => {
      const role = await api.role(name);
      return [role?.Arn === arn ? trustFinding(check, name, role) : goneFinding(check, arn)];
    })),
    ...(await tellable(granted, 'iam:SimulatePrincipalPolicy', isDenied, async () => {
      const verdicts: Verdict[] = [];
      for (const grant of needed) verdicts.push(...(await simulated(api, arn, grant)));
      return verdicts.length === 0 ? [] : grantFindings(granted, name, verdicts);
    })),
  ];
}

/** One of that name in another path is another role. */
const goneFinding = (check: string, arn: string): Finding =>
  finding(check, 'failed', `${arn} is not there`, 'make it, or name another one in the definition');

/**
 * Where the first of the resources is granted all, the next one is not asked for. Of a role that is not there nothing is
 * told: it has a line that says so.
 */
async function simulated(api: Asked, roleArn: string, grant: NeededGrant): Promise<Verdict[]> {
  const { actions, resources, context } = grant;
  const results: (readonly EvaluationResult[])[] = [];
  let verdicts: Verdict[] = [];
  for (const resource of resources) {
    const result = await api.simulate({ roleArn, actions, resource, context });
    if (result === undefined) return [];
    results.push(result);
    verdicts = verdictsOf(grant, results);
    if (verdicts.every(({ decision }) => decision === 'allowed')) break;
  }
  return verdicts;
}

function trustFinding(check: string, name: string, { AssumeRolePolicyDocument = '{}' }: Role): Finding {
  switch (trustOfTasks(AssumeRolePolicyDocument)) {
    case 'yes':
      return ok(check, `${name} is there, and ${TASKS} may assume it`);
    case 'on conditions':
      return ok(check, `${name} is there, and ${TASKS} may assume it on the conditions of its trust policy`);
    case 'no':
      return finding(
        check,
        'failed',
        `the trust policy of ${name} does not let ${TASKS} assume it`,
        `allow sts:AssumeRole to the principal {"Service": "${TASKS}"} in it`,
      );
  }
}

/** Where the things of a role's account are. */
export function accountOf(roleArn: string, region: string): AccountFacts {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  return { partition, account, region };
}
