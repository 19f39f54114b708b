/** Containers of AWS Batch are tasks of Amazon ECS, on Fargate and on EC2. */
export const TASKS = 'ecs-tasks.amazonaws.com';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Condition?: unknown;
}

/** Whether tasks may assume the role: by a statement that has conditions, which only AWS can tell of, too. */
export type Trust = 'yes' | 'on conditions' | 'no';

/**
 * What a trust policy says of tasks.
 *
 * @param document as IAM gives it: JSON, percent-encoded
 */
export function trustOfTasks(document: string): Trust {
  const { Statement: given } = JSON.parse(decodeURIComponent(document)) as { Statement?: unknown };
  const fitting = listOf(given as Statement | readonly Statement[]).filter(
    ({ Principal, Action }) => namesTasks(Principal) && listOf(Action).some(isAssume),
  );
  if (fitting.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined)) return 'no';
  const allowing = fitting.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) return 'no';
  // A denial that is left has conditions.
  return allowing.length === fitting.length && allowing.some(({ Condition }) => Condition === undefined)
    ? 'yes'
    : 'on conditions';
}

/** Everybody, `*`, is no service, but takes in services. */
function namesTasks(principal: unknown): boolean {
  if (principal === '*') return true;
  const { Service } = (principal ?? {}) as { Service?: unknown };
  return listOf(Service).some((name) => name === TASKS || name === '*');
}

const isAssume = (action: unknown): boolean =>
  typeof action === 'string' && ['sts:assumerole', 'sts:*', '*'].includes(action.toLowerCase());

/** IAM lets a list of one be written without its brackets. */
function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
