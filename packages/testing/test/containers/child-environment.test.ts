import { expect, test } from '@jest/globals';
import { childEnvironment, parseVariables } from '../../src/containers/child-environment.ts';
import { SETTINGS_VARIABLE } from '../../src/containers/job-settings.ts';

const settings = { jobQueue: 'spot', computeEnvironment: 'spot-environment' };

test('a child gets what Batch gives it, over everything else', () => {
  const environment = childEnvironment({
    name: { jobId: 'abc:7', index: 7 },
    settings: { ...settings, arraySize: 9 },
    attempt: 2,
    layers: [{ AWS_BATCH_JOB_ID: 'wrong', A: 'first', B: 'first' }, { A: 'second' }],
  });
  expect(environment).toEqual({
    A: 'second',
    B: 'first',
    AWS_BATCH_JOB_ID: 'abc:7',
    AWS_BATCH_JOB_ARRAY_INDEX: '7',
    AWS_BATCH_JOB_ARRAY_SIZE: '9',
    AWS_BATCH_JOB_ATTEMPT: '2',
    AWS_BATCH_JQ_NAME: 'spot',
    AWS_BATCH_CE_NAME: 'spot-environment',
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
  });
});

test('a plain job gets no index, and nobody what moto and these tests add', () => {
  const environment = childEnvironment({
    name: { jobId: 'abc', index: undefined },
    settings,
    attempt: 1,
    layers: [{ MOTO_HOST: 'h', MOTO_PORT: '1', MOTO_HTTP_ENDPOINT: 'e', [SETTINGS_VARIABLE]: '{}' }],
  });
  expect(Object.keys(environment).sort()).toEqual([
    'AWS_BATCH_CE_NAME',
    'AWS_BATCH_JOB_ATTEMPT',
    'AWS_BATCH_JOB_ID',
    'AWS_BATCH_JQ_NAME',
    'AWS_EXECUTION_ENV',
  ]);
});

test('variables are cut at their first equals sign', () => {
  expect(parseVariables(['A=b=c', 'EMPTY='])).toEqual({ A: 'b=c', EMPTY: '' });
});
