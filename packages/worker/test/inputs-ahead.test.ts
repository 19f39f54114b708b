import { expect, test } from '@jest/globals';
import type { PlannedInput, Storage } from '@winnow/core';
import { InputsAhead } from '../src/inputs-ahead.ts';

const SMALL = 100;
const LARGE = 1 << 20;

/** Gives each input's own key as its bytes, and keeps what was begun. */
class KeySource implements Pick<Storage, 'read'> {
  readonly begun: string[] = [];
  readonly ended: string[] = [];

  async *read(key: string): AsyncGenerator<Uint8Array> {
    this.begun.push(key);
    await Promise.resolve();
    if (key.startsWith('bad')) throw new Error(`${key} cannot be read`);
    yield Buffer.from(key);
    this.ended.push(key);
  }
}

const input = (key: string, size = SMALL): PlannedInput => ({ key, size, pin: 'p' });
const many = (count: number): PlannedInput[] => Array.from({ length: count }, (_, n) => input(`in-${n}`));
const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(chunks)).toString();

test('each input gives its own bytes; the next ones are begun, but no more than sixteen', async () => {
  const source = new KeySource();
  const inputs = many(100);
  const ahead = new InputsAhead(source, inputs, () => true);
  for (const [index, { key }] of inputs.entries()) {
    expect(await textOf(ahead.read(index))).toBe(key);
    expect(source.begun.length).toBe(Math.min(100, index + 17));
  }
  expect(source.begun).toEqual(inputs.map(({ key }) => key));
});

test('large inputs are read at their turn only, and those that nobody wants never', async () => {
  const source = new KeySource();
  const inputs = [input('a'), input('b', LARGE), input('c'), input('d')];
  const ahead = new InputsAhead(source, inputs, (index) => index !== 2);
  expect(await textOf(ahead.read(0))).toBe('a');
  expect(source.begun).toEqual(['a', 'd']);
  expect(await textOf(ahead.read(1))).toBe('b');
  expect(await textOf(ahead.read(3))).toBe('d');
  expect(source.begun).toEqual(['a', 'd', 'b']);
});

test('an input that cannot be read fails at its turn, and harms no other', async () => {
  const source = new KeySource();
  const ahead = new InputsAhead(source, [input('a'), input('bad'), input('c')], () => true);
  expect(await textOf(ahead.read(0))).toBe('a');
  await expect(textOf(ahead.read(1))).rejects.toThrow('bad cannot be read');
  expect(await textOf(ahead.read(2))).toBe('c');
});

test('the end waits for what is under way', async () => {
  const source = new KeySource();
  const ahead = new InputsAhead(source, [input('a'), input('b'), input('bad')], () => true);
  await textOf(ahead.read(0));
  await ahead.end();
  expect(source.ended).toEqual(['a', 'b']);
});
