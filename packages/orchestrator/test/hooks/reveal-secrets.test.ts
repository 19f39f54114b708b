import { ConfigurationError, parseSpec, WinnowError } from '@winnow/core';
import { describe, expect, test } from '@jest/globals';
import { assertSecretsPlaced, revealSecrets } from '../../src/hooks/reveal-secrets.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:ops/hook-AbCdEf';
const VALUE = 'hunter2-7f3a';

/** What it becomes, or what is said instead. */
async function reveal(text: string, variable: string | undefined, secret: string): Promise<string> {
  const asked: string[] = [];
  try {
    const revealed = await revealSecrets(text, { WINNOW_SECRET_A: variable }, (arn) => {
      asked.push(arn);
      return Promise.resolve(secret);
    });
    expect(asked).toEqual(text.includes('${secret:A}') ? [ARN] : []);
    return revealed;
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    expect(error.cause).toBeUndefined();
    return error.message;
  }
}

describe('a secret', () => {
  test.each([
    ['x ${secret:A} ${secret:A}', ARN, VALUE, `x ${VALUE} ${VALUE}`],
    ['no secret', undefined, VALUE, 'no secret'],
    ['${secret:A}', ARN, '$& ${secret:B}', '$& ${secret:B}'],
    ['${secret:A}', ARN, '', ''],
    ['${secret:A}', `${ARN}#token`, `{"token":"${VALUE}"}`, VALUE],
    ['${secret:A}', `${ARN}#a b#c`, '{"a b#c":12}', '12'],
  ])('in %j by %s is revealed', async (text, variable, secret, revealed) => {
    expect(await reveal(text, variable, secret)).toBe(revealed);
  });

  test.each([
    [undefined, VALUE, "WINNOW_SECRET_A is missing, which the hook's ${secret:A} needs"],
    ['', VALUE, "WINNOW_SECRET_A is missing, which the hook's ${secret:A} needs"],
    [VALUE, VALUE, 'WINNOW_SECRET_A must be the ARN of a secret'],
    [`${ARN}#`, VALUE, 'WINNOW_SECRET_A must be the ARN of a secret'],
    [`${ARN}#key`, VALUE, 'WINNOW_SECRET_A: its secret is no JSON object, and has no keys'],
    [`${ARN}#key`, `"${VALUE}"`, 'WINNOW_SECRET_A: its secret is no JSON object, and has no keys'],
    [`${ARN}#key`, `{"other":"${VALUE}"}`, 'WINNOW_SECRET_A: its secret has no key key'],
    [`${ARN}#key`, `{"key":["${VALUE}"]}`, 'WINNOW_SECRET_A: its secret has no text under the key key'],
    [`${ARN}#toString`, '{}', 'WINNOW_SECRET_A: its secret has no key toString'],
  ])('by %s holding %j is one line, without its value', async (variable, secret, line) => {
    expect(await reveal('${secret:A}', variable, secret)).toBe(line);
  });

  test('that nobody gives is told by its variable', async () => {
    const denied = () => Promise.reject(new Error('not for you'));
    await expect(revealSecrets('${secret:A}', { WINNOW_SECRET_A: ARN }, denied)).rejects.toThrow(
      'WINNOW_SECRET_A: not for you',
    );
  });
});

test('a spec whose secrets have no place is refused before anything begins', () => {
  const spec = parseSpec({ source: 'in', onSuccess: 'true', onFailure: ['true', 'x ${secret:A}'] });
  expect(() => assertSecretsPlaced(spec, { WINNOW_SECRET_A: ARN })).not.toThrow();
  expect(() => assertSecretsPlaced(spec, {})).toThrow(ConfigurationError);
  expect(() => assertSecretsPlaced(parseSpec({ source: 'in' }), {})).not.toThrow();
});
