import { expect, test } from '@jest/globals';
import { runUri, splitRunUri } from '../src/run-uri.ts';

test.each([
  ['/data/out', '0000-0123abcd'],
  ['s3://bucket/a/b', '0012-ffffffff'],
  ['/odd _winnow/name', '0000-0123abcd'],
])('the run directory of %s is taken apart again', (output, runId) => {
  expect(splitRunUri(runUri(output, runId))).toEqual({ output, runId });
  expect(splitRunUri(`${runUri(output, runId)}/`)).toEqual({ output, runId });
});

test.each(['/data/out', '/data/out/_winnow', '/data/out/_winnow/0000-xyz', ''])('%j is refused', (uri) => {
  expect(() => splitRunUri(uri)).toThrow(/is no run directory: it must end in _winnow/);
});
