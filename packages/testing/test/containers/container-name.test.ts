import { expect, test } from '@jest/globals';
import { parseContainerName } from '../../src/containers/container-name.ts';

const ID = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';

test.each([
  ['a plain job', `job-${ID}`, { jobId: ID, index: undefined }],
  ['a child', `job-${ID}-0`, { jobId: `${ID}:0`, index: 0 }],
  ['a child of two digits', `job-${ID}-12`, { jobId: `${ID}:12`, index: 12 }],
  ['a job name with dashes and digits', `a-1-b_2-${ID}-3`, { jobId: `${ID}:3`, index: 3 }],
  ['a job name that holds an id', `${ID}-${ID}`, { jobId: ID, index: undefined }],
  ['no job of Batch', 'postgres-1', { jobId: 'postgres-1', index: undefined }],
])('%s', (_, name, expected) => {
  expect(parseContainerName(name)).toEqual(expected);
});
