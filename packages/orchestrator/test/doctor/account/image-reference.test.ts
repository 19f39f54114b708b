import { expect, test } from '@jest/globals';
import { ecrImage } from '../../../src/doctor/account/image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

test.each<[string, [string, string, string | undefined, string | undefined] | undefined]>([
  [`${HOST}/winnow:1`, ['eu-west-1', 'winnow', '1', undefined]],
  [`${HOST}/etl/winnow`, ['eu-west-1', 'etl/winnow', 'latest', undefined]],
  [`${HOST}/winnow@${DIGEST}`, ['eu-west-1', 'winnow', undefined, DIGEST]],
  [`${HOST}/winnow:1@${DIGEST}`, ['eu-west-1', 'winnow', '1', DIGEST]],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/w:1', ['cn-north-1', 'w', '1', undefined]],
  ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/w:1', ['us-east-1', 'w', '1', undefined]],
  ['123456789012.dkr-ecr.us-east-1.on.aws/w:1', ['us-east-1', 'w', '1', undefined]],
  ['winnow/worker:1', undefined],
  ['public.ecr.aws/winnow/worker:1', undefined],
  [`docker.io/${HOST}/winnow:1`, undefined],
  [`${HOST}/winnow@sha256:short`, undefined],
])('%s', (reference, wanted) => {
  const found = ecrImage(reference);
  expect(found && [found.region, found.repository, found.tag, found.digest]).toEqual(wanted);
  if (found !== undefined) expect(found.registryId).toBe('123456789012');
});
