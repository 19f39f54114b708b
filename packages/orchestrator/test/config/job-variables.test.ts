import { ConfigurationError, SpecError } from '@winnow/core';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';

const load = (environment: Record<string, string>, jobVariables = true) =>
  loadConfig({
    flags: {},
    environment,
    jobVariables,
    readText: (path) => {
      throw new Error(`nothing is read, got ${path}`);
    },
  }).spec;

test('variables of a job that knows nothing of Winnow are its spec; those of Winnow beat them', () => {
  const job = {
    INPUT_PATH: 's3://b/in',
    OUTPUT_PATH: 's3://b/out',
    JOB_PARAMS: '{"format":"csv","max_quarantined":"1%","source":"s3://b/other"}',
  };
  expect(load(job)).toMatchObject({
    source: 's3://b/in',
    output: 's3://b/out',
    format: 'csv',
    maxQuarantined: { share: 0.01 },
  });
  expect(load({ ...job, WINNOW_FORMAT: 'json', WINNOW_OUTPUT: 's3://b/2' })).toMatchObject({
    source: 's3://b/in',
    output: 's3://b/2',
    format: 'json',
  });
  expect(load({ WINNOW_SOURCE: 'in', JOB_PARAMS: '' }).source).toBe('in');
});

test('they mean nothing where no container asks for them', () => {
  expect(() => load({ INPUT_PATH: 'in', WINNOW_OUTPUT: 'out' }, false)).toThrow(SpecError);
});

test.each<[Record<string, string>, RegExp]>([
  [
    { INPUT_PATH: 'in', JOB_PARAMS: '{"level":99}' },
    /^level in JOB_PARAMS must be a whole number from 1 to 19, got 99$/,
  ],
  [{ INPUT_PATH: 'ftp://x' }, /^INPUT_PATH must be a path or s3:/],
  [{ INPUT_PATH: 'in', JOB_PARAMS: '{"reportType":"x"}' }, /^unknown key reportType in JOB_PARAMS/],
  [{ INPUT_PATH: 'in', JOB_PARAMS: '[1]' }, /JOB_PARAMS holds no keys/],
])('%j is refused by its own name', (environment, message) => {
  try {
    load(environment);
  } catch (error) {
    const lines = error instanceof SpecError ? error.problems.map((problem) => problem.message) : [];
    expect(error instanceof ConfigurationError ? [error.message, ...lines] : lines).toContainEqual(
      expect.stringMatching(message),
    );
    return;
  }
  throw new Error('it was taken');
});

test('a schema that is written out needs no file', () => {
  const { schema } = load({ WINNOW_SOURCE: 'in', WINNOW_SCHEMA: '{columns: {b: int64, a: text}}' });
  expect(schema?.columns).toEqual([
    { name: 'b', type: 'int64' },
    { name: 'a', type: 'text' },
  ]);
});
