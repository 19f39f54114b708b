import { expect, test } from '@jest/globals';
import { didYouMean } from '../../src/spec/did-you-mean.ts';

test.each([
  ['sorce', 'source'],
  ['SOURCE', 'source'],
  ['concurency', 'concurrency'],
  ['max_quarantined', 'max-quarantined'],
  ['outptu', 'output'],
  ['zzz', undefined],
  ['', undefined],
])('takes %s for %s', (name, meant) => {
  expect(didYouMean(name, ['source', 'output', 'concurrency', 'max-quarantined'])).toBe(meant);
});
