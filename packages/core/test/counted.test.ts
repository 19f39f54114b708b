import { expect, test } from '@jest/globals';
import { counted } from '../src/counted.ts';

test.each<[string, string]>([
  [counted(0, 'unit'), '0 units'],
  [counted(1, 'unit'), '1 unit'],
  [counted(2, 'unit'), '2 units'],
  [counted(1, 'process', 'processes'), '1 process'],
  [counted(2, 'process', 'processes'), '2 processes'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
