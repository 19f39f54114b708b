import { afterAll, beforeAll, describe } from '@jest/globals';
import { startS3UnderTest, type S3UnderTest } from '../storage/s3/s3-under-test.ts';
import { protocolSuite } from './protocol/protocol-suite.ts';

/** Moto, or a real account: see `startS3UnderTest`. */
describe.each([
  ['S3', undefined],
  ['S3 that fails', { seed: 12, share: 0.1, stallMs: 100 }],
])('over %s', (name, faults) => {
  let under: S3UnderTest;
  beforeAll(async () => {
    under = await startS3UnderTest(faults);
  });
  afterAll(() => under.stop());

  protocolSuite(name, async () => {
    const storage = await under.open(under.freshUri());
    return { storage, cleanup: () => under.empty(storage) };
  });
});
