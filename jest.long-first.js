import TestSequencer from '@jest/test-sequencer';

/**
 * Suites that take longest, the longest first. A fresh clone knows no durations, and jest then begins with the largest
 * files: some of the longest suites are a few lines and would go on alone at the end.
 */
const LONG = [
  'chaos.aws',
  'protocol.aws',
  'run.aws',
  'failures.aws',
  'direct.aws',
  's3-objects.aws',
  'redrive-long',
  'pull',
  'formats',
  'kill',
  'sub-units',
  'redrive',
  'mirror',
  'mirror-replace',
];

const rankOf = ({ path }) => {
  const rank = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return rank < 0 ? LONG.length : rank;
};

export default class LongFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
