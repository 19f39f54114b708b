import { afterAll, beforeAll, describe } from '@jest/globals';
import { startS3UnderTest, type S3UnderTest } from '../../storage/s3/s3-under-test.ts';
import { protocolSuite } from './protocol-suite.ts';

/** The suite over moto, or a real account: see `startS3UnderTest`. */
export function protocolOverS3(name: string, faults?: Parameters<typeof startS3UnderTest>[0]): void {
  describe(`over ${name}`, () => {
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
}
