import { expect, test } from '@jest/globals';
import { hookKind } from '../../src/spec/hook-text.ts';
import { namesSecretsWell, replaceSecrets, secretNames } from '../../src/spec/secret-names.ts';

test.each([
  ['./tell.sh --all', 'command'],
  ['echo arn:aws:sns:eu-west-1:123456789012:t', 'command'],
  ['curl https://a.example', 'command'],
  ['https://a.example/x?y=${secret:TOKEN}', 'url'],
  ['HTTP://127.0.0.1:${secret:PORT}', 'url'],
  ['${secret:SLACK}', 'url'],
  ['${secret:HOST}${secret:PATH}', 'url'],
  ['${secret:PROGRAM} --all', 'command'],
  ['arn:aws:sns:eu-west-1:123456789012:runs', 'topic'],
  ['arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/default', 'bus'],
  ['arn:aws:events:eu-west-1:123456789012:rule/x', undefined],
  ['arn:aws:sns:eu-west-1:123456789012:${secret:TOPIC}', undefined],
  ['arn:aws:lambda:eu-west-1:123456789012:function:f', undefined],
  ['https://', undefined],
  ['', undefined],
  [' \n', undefined],
])('%j is %s', (text, kind) => {
  expect(hookKind(text)).toBe(kind);
});

test('names of secrets are found, each once, and take something in their place', () => {
  const text = 'a ${secret:A_1} ${secret:B} ${secret:A_1} ${SECRET:C} $secret:D';
  expect(secretNames(text)).toEqual(['A_1', 'B']);
  expect(replaceSecrets(text, (name) => `<${name}>`)).toBe('a <A_1> <B> <A_1> ${SECRET:C} $secret:D');
  // A value is no pattern, and names nothing further.
  expect(replaceSecrets('${secret:A}', () => '$&${secret:B}')).toBe('$&${secret:B}');
});

test.each(['${secret:}', '${secret:a}', '${secret:1A}', '${secret:A-B}', 'x${secret:A', '${secret: A}'])(
  '%s is badly written',
  (text) => {
    expect(namesSecretsWell(text)).toBe(false);
    expect(namesSecretsWell('${secret:A}')).toBe(true);
  },
);
