import type { EvaluationResult } from '@aws-sdk/client-iam';
import { finding, ok, type Finding } from '../finding.ts';
import type { NeededGrant } from './needed-grants.ts';

/** What the policies of a role say of an action. */
export interface Verdict {
  readonly action: string;
  readonly grant: NeededGrant;
  readonly decision: 'allowed' | 'denied' | 'not granted' | 'depends';
  /** What conditions ask for, and a simulation cannot know. */
  readonly dependsOn: readonly string[];
}

/**
 * What a simulation on each of the resources says of the actions: the best one counts. One that says nothing of an action
 * has not granted it.
 */
export function verdictsOf(
  grant: NeededGrant,
  simulated: readonly (readonly EvaluationResult[])[],
): Verdict[] {
  return grant.actions.map((action) => {
    const results = simulated
      .flat()
      .filter(({ EvalActionName }) => EvalActionName?.toLowerCase() === action.toLowerCase());
    const dependsOn = [...new Set(results.flatMap(({ MissingContextValues = [] }) => MissingContextValues))];
    const isAny = (decision: string): boolean =>
      results.some(({ EvalDecision }) => EvalDecision === decision);
    const withhold = dependsOn.length > 0 ? 'depends' : isAny('explicitDeny') ? 'denied' : 'not granted';
    return { action, grant, dependsOn, decision: isAny('allowed') ? 'allowed' : withhold };
  });
}

/**
 * A line for each kind of verdict.
 *
 * | verdict                                        | line                                          |
 * |------------------------------------------------|-----------------------------------------------|
 * | allowed, all of them                           | ok                                            |
 * | denied by a statement                          | failed: nothing can grant it                  |
 * | not granted, and nothing else could            | failed                                        |
 * | not granted, of what may have its own policy   | warning: that policy, which is not seen, may  |
 * | depends on what only a real request has        | unknown                                       |
 */
export function grantFindings(check: string, role: string, verdicts: readonly Verdict[]): Finding[] {
  const of = (decision: Verdict['decision'], hasOwnPolicy?: boolean): Verdict[] =>
    verdicts.filter(
      (verdict) =>
        verdict.decision === decision &&
        (hasOwnPolicy === undefined || verdict.grant.hasOwnPolicy === hasOwnPolicy),
    );
  const [denied, missing, perhaps] = [of('denied'), of('not granted', false), of('not granted', true)];
  const depends = of('depends');
  const keys = [...new Set(depends.flatMap(({ dependsOn }) => dependsOn))].join(', ');
  const found: Finding[] = [];
  if (denied.length > 0)
    found.push(
      finding(
        check,
        'failed',
        `a statement denies ${role} ${actionsText(denied)}`,
        'take it out of the Deny statement (policy, permissions boundary, or service control policy)',
      ),
    );
  if (missing.length > 0)
    found.push(
      finding(check, 'failed', `no policy grants ${role} ${actionsText(missing)}`, 'grant it to the role'),
    );
  if (perhaps.length > 0)
    found.push(
      finding(
        check,
        'warning',
        `no policy of ${role} grants it ${actionsText(perhaps)}`,
        'grant it to the role, unless the policy of that resource itself does, which is not looked at',
      ),
    );
  if (depends.length > 0)
    found.push(
      finding(
        check,
        'unknown',
        `whether ${role} is granted ${actionsText(depends)} depends on ${keys}`,
        'see that the conditions of its policies hold for the containers',
      ),
    );
  const things = [...new Set(verdicts.map(({ grant }) => grant.on))].join(', ');
  return found.length > 0 ? found : [ok(check, `${role} is granted what a run needs of ${things}`)];
}

/** Such as `s3:GetObject, s3:PutObject on s3://lake/out; s3:ListBucket on s3://lake/in`. */
function actionsText(verdicts: readonly Verdict[]): string {
  const byThing = Map.groupBy(verdicts, ({ grant }) => grant.on);
  return [...byThing].map(([on, of]) => `${of.map(({ action }) => action).join(', ')} on ${on}`).join('; ');
}
