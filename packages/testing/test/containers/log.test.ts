import { expect, test } from '@jest/globals';
import { logFrames, type LogLine } from '../../src/containers/log.ts';

const at = new Date('2026-01-02T03:04:05.678Z');
const lines: LogLine[] = [
  { stream: 1, at, text: 'out' },
  { stream: 2, at, text: 'é' },
];
const frame = (stream: number, text: string): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, body.length]), body]);
};

test.each([
  ['both', { stdout: true, stderr: true, timestamps: false }, [frame(1, 'out\n'), frame(2, 'é\n')]],
  ['stdout', { stdout: true, stderr: false, timestamps: false }, [frame(1, 'out\n')]],
  [
    'stderr with times',
    { stdout: false, stderr: true, timestamps: true },
    [frame(2, '2026-01-02T03:04:05.678000000Z é\n')],
  ],
  ['none', { stdout: false, stderr: false, timestamps: false }, []],
])('frames of %s', (_, query, frames) => {
  expect(logFrames(lines, query)).toEqual(Buffer.concat(frames));
});
