import { describe, expect, test } from '@jest/globals';
import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { problemsOfRequest } from '../../../src/backend/aws-batch/limits.ts';

const GOOD: SubmitJobCommandInput = {
  jobName: 'winnow-1',
  jobQueue: 'q',
  jobDefinition: 'd:1',
  timeout: { attemptDurationSeconds: 60 },
};
const withEnvironment = (name: string, value: string): Partial<SubmitJobCommandInput> => ({
  containerOverrides: { environment: [{ name, value }] },
});
const ofTags = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));
const rule = (pattern: string) => ({ onReason: pattern, action: 'EXIT' as const });
/** Overrides of exactly so many characters. */
const overrides = (characters: number): Partial<SubmitJobCommandInput> =>
  withEnvironment(
    'A',
    'x'.repeat(characters - JSON.stringify(withEnvironment('A', '').containerOverrides).length),
  );

describe('what AWS would refuse', () => {
  test.each<[string, Partial<SubmitJobCommandInput>, number]>([
    ['nothing special', {}, 0],
    ['the smallest array', { arrayProperties: { size: 2 } }, 0],
    ['the largest array', { arrayProperties: { size: 10_000 } }, 0],
    ['a name of 128 characters', { jobName: 'a'.repeat(128) }, 0],
    ['overrides of 8,192 characters', overrides(8192), 0],
    ['50 tags with those of the definition', { tags: ofTags(20) }, 30],
    [
      '10 attempts and 5 rules',
      { retryStrategy: { attempts: 10, evaluateOnExit: Array(5).fill(rule('a*')) } },
      0,
    ],
  ])('lets pass: %s', (_, request, tags) => {
    expect(problemsOfRequest({ ...GOOD, ...request }, tags)).toEqual([]);
  });

  test.each<[Partial<SubmitJobCommandInput>, number, string]>([
    [{ arrayProperties: { size: 1 } }, 0, 'an array must have 2 to 10000 children, got 1'],
    [{ arrayProperties: { size: 10_001 } }, 0, 'an array must have 2 to 10000 children, got 10001'],
    [{ arrayProperties: { size: 2.5 } }, 0, 'an array must have 2 to 10000 children, got 2.5'],
    [
      { jobName: '' },
      0,
      'a job name must have 1 to 128 letters, digits, - and _ and begin with a letter or digit, got ""',
    ],
    [{ jobName: 'a'.repeat(129) }, 0, 'a job name must have 1 to 128'],
    [{ jobName: 'a b' }, 0, 'got "a b"'],
    [{ jobName: '-a' }, 0, 'got "-a"'],
    [overrides(8193), 0, 'container overrides must have at most 8192 characters as JSON, these have 8193'],
    [
      { ecsPropertiesOverride: { taskProperties: [{ containers: [overrides(9000).containerOverrides!] }] } },
      0,
      'container overrides must have at most 8192 characters',
    ],
    [withEnvironment('AWS_BATCH_JOB_ID', 'x'), 0, "AWS_BATCH_JOB_ID is Batch's own to set"],
    [
      { tags: ofTags(21) },
      30,
      'a job has at most 50 tags with those of its definition, this one would have 51',
    ],
    [{ tags: { 'aws:x': 'y' } }, 0, 'not begin with aws:, got "aws:x"'],
    [{ tags: { ['k'.repeat(129)]: 'y' } }, 0, "a tag's key must have 1 to 128 characters"],
    [
      { tags: { k: 'v'.repeat(257) } },
      0,
      "a tag's value must have at most 256 characters, that of k has 257",
    ],
    [
      { timeout: { attemptDurationSeconds: 59 } },
      0,
      'a job must have a timeout of at least 60 seconds, got 59',
    ],
    [{ timeout: undefined }, 0, 'a job must have a timeout of at least 60 seconds, got none'],
    [{ retryStrategy: { attempts: 11 } }, 0, 'a job must have 1 to 10 attempts, got 11'],
    [{ retryStrategy: { attempts: 0 } }, 0, 'a job must have 1 to 10 attempts, got 0'],
    [
      { retryStrategy: { evaluateOnExit: Array(6).fill(rule('a')) } },
      0,
      'a job has at most 5 rules for its retries, got 6',
    ],
    [{ retryStrategy: { evaluateOnExit: [rule('*a')] } }, 0, "a rule's pattern has * only at its end"],
    [{ parameters: { p: 'x'.repeat(31_000) } }, 0, 'a request must have at most 30720 bytes'],
  ])('names %j', (request, tags, problem) => {
    const problems = problemsOfRequest({ ...GOOD, ...request }, tags);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test('names all at once', () => {
    expect(
      problemsOfRequest({ ...GOOD, jobName: '?', timeout: undefined, arrayProperties: { size: 0 } }, 0),
    ).toHaveLength(3);
  });
});
