import { expect, test } from '@jest/globals';
import { Kernel } from '../src/kernel.ts';
import type { ReaderExports } from '../src/reader-exports.ts';
import { selfTestReader } from '../src/self-test.ts';

test('the self-test passes on this machine', () => {
  selfTestReader(new Kernel());
});

test('the self-test names the line that a wrong kernel gets wrong', () => {
  const kernel = new Kernel();
  const { exports } = kernel;
  const readerRead: ReaderExports['readerRead'] = (reader, start, end, checkUtf8) => {
    // As if a sign had been lost.
    const minus = kernel.bytes.indexOf(0x2d, start);
    if (minus >= 0 && minus < end) kernel.bytes[minus] = 0x20;
    return exports.readerRead(reader, start, end, checkUtf8);
  };
  Object.defineProperty(kernel, 'exports', {
    value: Object.create(exports, { readerRead: { value: readerRead } }) as unknown,
  });
  expect(() => selfTestReader(kernel)).toThrow(/self-test of the NDJSON reader: .*-1.* gave/);
});
