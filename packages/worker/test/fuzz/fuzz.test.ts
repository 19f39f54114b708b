import { expect, test } from '@jest/globals';
import { keptFindings } from './finding.ts';
import { fuzzCase } from './fuzz-case.ts';
import { mutate } from './mutate.ts';
import { seeded } from './random.ts';
import { runCase } from './run-case.ts';

test('what was found once, and the first cases of all, are accounted for', async () => {
  const cases = [...keptFindings(), ...Array.from({ length: 40 }, (_, seed) => fuzzCase(seed))];
  for (const one of cases) expect([one.seed, await runCase(one)]).toEqual([one.seed, undefined]);
});

test('a seed is a case, and another seed another one', () => {
  const cases = Array.from({ length: 200 }, (_, seed) => fuzzCase(seed));
  cases.forEach((one, seed) => expect(fuzzCase(seed)).toEqual(one));
  expect(new Set(cases.map(({ bytes }) => bytes.toString('base64'))).size).toBeGreaterThan(190);
});

test('a mutation leaves what it was given as it is, and mostly gives something else', () => {
  const before = Buffer.from('{"id":1}\n'.repeat(20));
  const given = Buffer.from(before);
  const random = seeded(7);
  const mutated = Array.from({ length: 300 }, () => mutate(given, random));
  expect(given.equals(before)).toBe(true);
  expect(mutated.filter((bytes) => !bytes.equals(before)).length).toBeGreaterThan(250);
});

test('a case that cannot be taken through is a finding', async () => {
  const problem = await runCase({ ...fuzzCase(0), unitBytes: Number.NaN });
  expect(problem).toEqual(expect.any(String));
});
