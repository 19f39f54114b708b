import { expect, test } from '@jest/globals';
import { Kernel } from '@winnow/kernel';
import { ENGINE, GOLDEN_SHA256 } from '../src/engine.ts';
import { ConfigurationError } from '../src/errors.ts';
import { assertGolden, goldenSha256 } from '../src/golden.ts';

test('this machine makes the golden bytes of the engine, again and again', async () => {
  const kernel = new Kernel();
  expect([ENGINE, await goldenSha256(kernel)]).toEqual([2, GOLDEN_SHA256]);
  await assertGolden(kernel);
});

test('other bytes are refused, naming the engine and the version of zstd', async () => {
  const failure = assertGolden(new Kernel(), 'ab'.repeat(32));
  await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
  await expect(failure).rejects.toThrow(
    `engine ${ENGINE} must make golden bytes with sha256 ${'ab'.repeat(32)}, ` +
      `this process with zstd ${process.versions['zstd']} makes ${GOLDEN_SHA256}`,
  );
});
