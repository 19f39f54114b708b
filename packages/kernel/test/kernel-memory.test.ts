import { expect, test } from '@jest/globals';
import { Kernel } from '../src/kernel.ts';
import { KernelMemoryError } from '../src/kernel-memory.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';

const MIB = 2 ** 20;
const COLUMNS = [
  { name: 'a', type: 'text' },
  { name: '_rest', type: 'text' },
] as const;

/** From now on a kernel can grow by so many bytes only: the rest of its 4 GiB is taken, but never written to. */
function fill({ exports: { memory } }: Kernel, leftBytes: number): void {
  memory.grow((2 ** 32 - memory.buffer.byteLength - leftBytes) / 65_536);
}

test('a record that the memory has no room for is told as such', () => {
  const kernel = new Kernel();
  const reader = new NdjsonReader(kernel, { columns: COLUMNS, drift: 'rest', maxRecordBytes: 64 * MIB });
  reader.startInput(0);
  reader.push(Buffer.from('{"a":"small"}\n'));
  expect(reader.next()).toBeUndefined();
  fill(kernel, 16 * MIB);
  const push = (): void => {
    reader.push(Buffer.from('{"a":"'));
    for (let i = 0; i < 32; i++) reader.push(Buffer.alloc(MIB, 'x'));
  };
  expect(push).toThrow(
    expect.objectContaining({
      name: 'KernelMemoryError',
      message: expect.stringMatching(/^the kernel's memory cannot grow beyond 42\d{8} bytes$/) as unknown,
    }),
  );
});

test('so is a piece that is larger than the allocator ever gives', () => {
  expect(() => new Kernel().exports.allocate(2 ** 31)).toThrow(KernelMemoryError);
});

test('a kernel that stops for another reason is not out of memory', () => {
  const { exports } = new Kernel();
  // No batch is there.
  expect(() => exports.batchClear(2 ** 32 - 64)).toThrow(WebAssembly.RuntimeError);
});
