import { describe, expect, test } from '@jest/globals';
import { ArgumentError, parseChaosArguments } from './arguments.ts';

const PLAIN = { seed: 1, kills: 50, keep: false, json: false };

describe('the arguments of the chaos', () => {
  test.each([
    ['', PLAIN],
    ['--seed 7', { ...PLAIN, seed: 7 }],
    ['--seed=0 --kills 1000', { ...PLAIN, seed: 0, kills: 1000 }],
    ['--keep --json --kills 1', { seed: 1, kills: 1, keep: true, json: true }],
  ])('%s', (words, expected) => {
    expect(parseChaosArguments(words.split(' ').filter((word) => word !== ''))).toEqual(expected);
  });

  test.each([
    [['--kills', '0'], '--kills must be a whole number from 1 to 1000000, got 0'],
    [['--kills', 'many'], '--kills must be a whole number from 1 to 1000000, got many'],
    [['--seed', '4294967296'], '--seed must be a whole number from 0 to 4294967295, got 4294967296'],
    [['--seed', '1.5'], '--seed must be a whole number from 0 to 4294967295, got 1.5'],
    [['--seed', ''], '--seed must be a whole number from 0 to 4294967295, got '],
  ])('%j is refused by its flag, the rule and the value', (words, message) => {
    expect(() => parseChaosArguments(words)).toThrow(new ArgumentError(message));
  });

  test.each([[['--kill', '3']], [['now']], [['--seed']]])('%j is nothing that is known', (words) => {
    expect(() => parseChaosArguments(words)).toThrow(ArgumentError);
  });
});
