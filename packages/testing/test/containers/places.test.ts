import { expect, test } from '@jest/globals';
import { Places } from '../../src/containers/places.ts';

const never = new AbortController().signal;

test('gives so many places at once, then each that is left to the one that waited longest', async () => {
  const places = new Places(2);
  const taken: string[] = [];
  const take = (name: string, signal = never): Promise<void> =>
    places.take(signal).then((given) => void taken.push(given ? name : `not ${name}`));
  await Promise.all([take('a'), take('b')]);
  const waiting = [take('c'), take('d')];
  await Promise.resolve();
  expect(taken).toEqual(['a', 'b']);
  places.leave();
  await waiting[0];
  expect(taken).toEqual(['a', 'b', 'c']);
  places.leave();
  await waiting[1];
  expect(taken).toEqual(['a', 'b', 'c', 'd']);
});

test('who gives up while waiting gets none and holds up nobody', async () => {
  const places = new Places(1);
  await places.take(never);
  const impatient = new AbortController();
  const [given, next] = [places.take(impatient.signal), places.take(never)];
  impatient.abort();
  expect(await given).toBe(false);
  places.leave();
  expect(await next).toBe(true);
  expect(await places.take(AbortSignal.abort())).toBe(false);
});
