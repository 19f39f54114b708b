import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '@winnow/core';
import { parseEnvironment, type WorkerEnvironment } from '../src/environment.ts';

const NEEDED = { WINNOW_RUN: '/out/_winnow/0000-abababab', WINNOW_SUBMISSION: '3' };
const DEFAULTS: WorkerEnvironment = {
  run: '/out/_winnow/0000-abababab',
  submission: 3,
  shards: { first: 0, count: 1 },
  stopSeconds: 30,
  memoryMiB: undefined,
  progressMs: 0,
  jobId: undefined,
  jobAttempt: undefined,
  metadataUri: undefined,
};

test.each<[string, NodeJS.ProcessEnv, Partial<WorkerEnvironment>]>([
  ['only what is needed', {}, {}],
  ['a base', { WINNOW_SHARD_BASE: '20000' }, { shards: { first: 20_000, count: 1 } }],
  [
    'a base and an array index',
    { WINNOW_SHARD_BASE: '20000', AWS_BATCH_JOB_ARRAY_INDEX: '7' },
    { shards: { first: 20_007, count: 1 } },
  ],
  ['the index of Kubernetes', { JOB_COMPLETION_INDEX: '5' }, { shards: { first: 5, count: 1 } }],
  ['index 0', { AWS_BATCH_JOB_ARRAY_INDEX: '0' }, { shards: { first: 0, count: 1 } }],
  ['several shards', { WINNOW_SHARD_BASE: '2', WINNOW_SHARD_COUNT: '3' }, { shards: { first: 2, count: 3 } }],
  [
    'a list, instead of the base',
    { WINNOW_SHARD_LIST: '/out/list.json', WINNOW_SHARD_BASE: '9', AWS_BATCH_JOB_ARRAY_INDEX: '4' },
    { shards: { list: '/out/list.json', index: 4 } },
  ],
  ['seconds until SIGKILL', { WINNOW_STOP_SECONDS: '120' }, { stopSeconds: 120 }],
  ['memory', { WINNOW_MEMORY: '2048MiB' }, { memoryMiB: 2048 }],
  ['progress', { WINNOW_PROGRESS_MS: '500' }, { progressMs: 500 }],
  [
    'a job of Batch',
    { AWS_BATCH_JOB_ID: 'id:1', AWS_BATCH_JOB_ATTEMPT: '2' },
    { jobId: 'id:1', jobAttempt: '2' },
  ],
  [
    'empty variables, which are missing ones',
    {
      ...{ WINNOW_SHARD_BASE: '', WINNOW_SHARD_LIST: '', WINNOW_SHARD_COUNT: '', WINNOW_STOP_SECONDS: '' },
      ...{
        WINNOW_MEMORY: '',
        WINNOW_PROGRESS_MS: '',
        AWS_BATCH_JOB_ARRAY_INDEX: '',
        JOB_COMPLETION_INDEX: '',
      },
      ...{ AWS_BATCH_JOB_ID: '', AWS_BATCH_JOB_ATTEMPT: '' },
    },
    {},
  ],
  ['foreign variables', { PATH: '/bin', AWS_BATCH_JQ_NAME: 'q' }, {}],
])('takes %s', (_, env, expected) => {
  expect(parseEnvironment({ ...NEEDED, ...env })).toEqual({ ...DEFAULTS, ...expected });
});

describe('a variable that breaks its rule is named, with its value', () => {
  const NUMBER = 'must be a whole number from 0';
  const MEMORY = 'must be a size in MiB, such as 512MiB';
  test.each([
    ['WINNOW_RUN', '', 'is missing: it must be the URI of the run directory'],
    ['WINNOW_SUBMISSION', '', 'is missing: it must be the number of the submission'],
    ['WINNOW_SUBMISSION', 'x', 'must be the number of the submission, got "x"'],
    ['WINNOW_SHARD_BASE', '-1', `${NUMBER}, got "-1"`],
    ['WINNOW_SHARD_BASE', '0x10', `${NUMBER}, got "0x10"`],
    ['WINNOW_SHARD_COUNT', '1e3', `${NUMBER}, got "1e3"`],
    ['WINNOW_STOP_SECONDS', '1.5', `${NUMBER}, got "1.5"`],
    ['WINNOW_PROGRESS_MS', ' 1', `${NUMBER}, got " 1"`],
    ['AWS_BATCH_JOB_ARRAY_INDEX', 'true', `${NUMBER}, got "true"`],
    ['JOB_COMPLETION_INDEX', '9'.repeat(16), `${NUMBER}, got "${'9'.repeat(16)}"`],
    ['WINNOW_MEMORY', '512', `${MEMORY}, got "512"`],
    ['WINNOW_MEMORY', '0MiB', `${MEMORY}, got "0MiB"`],
  ])('%s = %s', (name, value, problem) => {
    const parse = (): unknown => parseEnvironment({ ...NEEDED, [name]: value });
    expect(parse).toThrow(ConfigurationError);
    expect(parse).toThrow(`environment: ${name} ${problem}`);
  });

  test('all of them at once', () => {
    expect(() => parseEnvironment({ WINNOW_MEMORY: 'much', WINNOW_STOP_SECONDS: 'soon' })).toThrow(
      'environment: WINNOW_RUN is missing: it must be the URI of the run directory; ' +
        'WINNOW_SUBMISSION is missing: it must be the number of the submission; ' +
        `WINNOW_STOP_SECONDS ${NUMBER}, got "soon"; WINNOW_MEMORY ${MEMORY}, got "much"`,
    );
  });
});
