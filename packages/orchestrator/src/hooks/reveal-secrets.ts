import { ConfigurationError, replaceSecrets, secretNames, WinnowError, type Spec } from '@winnow/core';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a secret, by its ARN. */
export type GetSecret = (arn: string) => Promise<string>;

/** `#key` behind the ARN picks a key of a secret that is a JSON object. */
const SECRET_ARN = /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+)(?:#(.+))?$/;

const variableOf = (name: string): string => `WINNOW_SECRET_${name}`;

interface SecretPlace {
  readonly arn: string;
  readonly key: string | undefined;
}

/** What a variable says is never told: somebody may have put the secret itself there. */
function placeOf(name: string, environment: Variables): SecretPlace {
  const written = environment[variableOf(name)] ?? '';
  const hint =
    'set it to the ARN of a secret in AWS Secrets Manager, #key behind it for a key of a JSON secret';
  if (written === '')
    throw new ConfigurationError(
      `${variableOf(name)} is missing, which the hook's \${secret:${name}} needs`,
      {
        hint,
      },
    );
  const [, arn, key] = SECRET_ARN.exec(written) ?? [];
  if (arn === undefined)
    throw new ConfigurationError(`${variableOf(name)} must be the ARN of a secret`, { hint });
  return { arn, key };
}

/**
 * Looks, before a run begins, whether every secret of a spec has a place that can be asked at its end.
 *
 * @throws ConfigurationError naming the variable
 */
export function assertSecretsPlaced({ onSuccess = [], onFailure = [] }: Spec, environment: Variables): void {
  for (const name of [...onSuccess, ...onFailure].flatMap(secretNames)) placeOf(name, environment);
}

/**
 * A text with the values of its secrets in their places: for the one who uses it at once, never for anything that is
 * stored, hashed or told.
 *
 * @throws WinnowError naming the variable, and never a value
 */
export async function revealSecrets(
  text: string,
  environment: Variables,
  getSecret: GetSecret,
): Promise<string> {
  const values = new Map<string, string>();
  for (const name of secretNames(text)) values.set(name, await valueOf(name, environment, getSecret));
  return replaceSecrets(text, (name) => values.get(name) ?? '');
}

async function valueOf(name: string, environment: Variables, getSecret: GetSecret): Promise<string> {
  const { arn, key } = placeOf(name, environment);
  const variable = variableOf(name);
  let text: string;
  try {
    text = await getSecret(arn);
  } catch (cause) {
    throw new WinnowError(`${variable}: ${cause instanceof Error ? cause.message : 'no answer'}`);
  }
  return key === undefined ? text : keyOf(text, key, variable);
}

function keyOf(text: string, key: string, variable: string): string {
  const value = Object.entries(objectOf(text, variable)).find(([name]) => name === key)?.[1];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const what = value === undefined ? 'no key' : 'no text under the key';
  throw new WinnowError(`${variable}: its secret has ${what} ${key}`);
}

/** The parser's own error would quote the secret. */
function objectOf(text: string, variable: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new WinnowError(`${variable}: its secret is no JSON object, and has no keys`);
}
