import { describe, expect, test } from '@jest/globals';
import { assertEngine, nextStep } from '../../src/commit/generations.ts';
import type { GenerationFacts, NewInputs, NextStep } from '../../src/commit/generations.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { runIdOf } from '../../src/run-keys.ts';

const OURS = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

const highest = (specHash: string, engine: number | undefined, closed: boolean): GenerationFacts => ({
  generation: 3,
  specHash,
  runId: runIdOf(3, specHash),
  engine,
  closed,
  replaces: 'no',
});

describe('the same command again', () => {
  const rows: [string, GenerationFacts | undefined, NewInputs, Partial<NextStep>][] = [
    ['none: take 0', undefined, 'unknown', { step: 'take', generation: 0, runId: '0000-abababab' }],
    [
      'unclosed, same spec, no run.json: plan it',
      highest(OURS, undefined, false),
      'unknown',
      { step: 'plan', generation: 3 },
    ],
    [
      'unclosed, same spec, our engine: join it',
      highest(OURS, 1, false),
      'unknown',
      { step: 'join', generation: 3 },
    ],
    ['unclosed, same spec, other engine: refuse', highest(OURS, 2, false), 'unknown', { step: 'refuse' }],
    [
      'unclosed, other spec, no run.json: refuse',
      highest(OTHER, undefined, false),
      'unknown',
      { step: 'refuse' },
    ],
    ['unclosed, other spec, run.json: refuse', highest(OTHER, 1, false), 'some', { step: 'refuse' }],
    [
      'closed, same spec, inputs unknown: compare',
      highest(OURS, 1, true),
      'unknown',
      { step: 'compare-inputs', previousRunId: '0003-abababab' },
    ],
    [
      'closed, same spec, nothing new: nothing',
      highest(OURS, 1, true),
      'none',
      { step: 'nothing', runId: '0003-abababab' },
    ],
    [
      'closed, same spec, new inputs: take the next',
      highest(OURS, 1, true),
      'some',
      { step: 'take', generation: 4, runId: '0004-abababab' },
    ],
    [
      'closed by another engine, new inputs: take the next',
      highest(OURS, 2, true),
      'some',
      { step: 'take', generation: 4 },
    ],
    ['closed, other spec: refuse', highest(OTHER, 1, true), 'some', { step: 'refuse' }],
  ];
  test.each(rows)('%s', (_title, facts, newInputs, expected) => {
    expect(nextStep(facts, { specHash: OURS, engine: 1, newInputs, intention: 'resume' })).toMatchObject(
      expected,
    );
  });

  const next = { step: 'take', generation: 4, runId: '0004-abababab' } as const;
  test.each<[string, GenerationFacts | undefined, NewInputs, Partial<NextStep>]>([
    ['closed, other spec, inputs unknown', highest(OTHER, 1, true), 'unknown', { step: 'compare-inputs' }],
    ['closed, other spec, nothing new', highest(OTHER, 2, true), 'none', { step: 'nothing' }],
    ['closed, other spec, new inputs', highest(OTHER, 2, true), 'some', { ...next, replaces: false }],
    ['closed, same spec, new inputs', highest(OURS, 1, true), 'some', next],
    ['unclosed, same spec', highest(OURS, 1, false), 'unknown', { step: 'join' }],
    ['unclosed, other spec', highest(OTHER, 1, false), 'unknown', { step: 'refuse' }],
    ['none', undefined, 'unknown', { step: 'take', generation: 0, replaces: false }],
  ])('a command that appends; %s', (_title, facts, newInputs, expected) => {
    const command = { specHash: OURS, engine: 1, newInputs, intention: 'append' } as const;
    expect(nextStep(facts, command)).toMatchObject(expected);
  });

  const replacing = (facts: GenerationFacts, replaces: GenerationFacts['replaces'] = 'yes') => ({
    ...facts,
    replaces,
  });
  const anew = { ...next, replaces: true } as const;
  const gaveUp = (runId: string) => ({ ...anew, abandons: runId });
  test.each<[string, GenerationFacts | undefined, Partial<NextStep>]>([
    ['none', undefined, { step: 'take', generation: 0, replaces: false }],
    ['closed, same spec', highest(OURS, 1, true), anew],
    ['closed, other spec and engine', highest(OTHER, 2, true), anew],
    ['closed, same spec, replaced too', replacing(highest(OURS, 1, true), 'publishing'), anew],
    ['unclosed, same spec', highest(OURS, 1, false), gaveUp('0003-abababab')],
    ['unclosed, other spec, no plan', highest(OTHER, undefined, false), gaveUp('0003-cdcdcdcd')],
    ['unclosed, replaces too, no plan', replacing(highest(OURS, undefined, false)), { step: 'plan' }],
    ['unclosed, replaces too', replacing(highest(OURS, 1, false)), { step: 'join' }],
    ['unclosed, replaces too, other engine', replacing(highest(OURS, 2, false)), gaveUp('0003-abababab')],
    ['unclosed, replaces too, other spec', replacing(highest(OTHER, 1, false)), gaveUp('0003-cdcdcdcd')],
    ['publishing', replacing(highest(OURS, 1, false), 'publishing'), { step: 'join' }],
    ['publishing, other engine', replacing(highest(OURS, 2, false), 'publishing'), { step: 'refuse' }],
    ['publishing, other spec', replacing(highest(OTHER, 1, false), 'publishing'), { step: 'refuse' }],
  ])('a command that replaces; %s', (_title, facts, expected) => {
    const command = { specHash: OURS, engine: 1, newInputs: 'unknown', intention: 'replace' } as const;
    const step = nextStep(facts, command);
    expect(step).toMatchObject(expected);
    if ('abandons' in step) expect(expected).toHaveProperty('abandons');
  });

  test('a refusal names both runs and the way out', () => {
    for (const closed of [true, false]) {
      const refused = nextStep(highest(OTHER, 1, closed), {
        ...{ specHash: OURS, engine: 1, newInputs: 'none', intention: 'resume' },
      });
      expect(refused).toMatchObject({
        message: expect.stringMatching(/0003-cdcdcdcd.*0004-abababab/) as unknown,
        hint: expect.stringContaining('--output') as unknown,
      });
    }
  });

  test('a refusal of another engine names both engines', () => {
    expect(() => assertEngine('0003-abababab', 2, 1)).toThrow(ConfigurationError);
    expect(() => assertEngine('0003-abababab', 2, 1)).toThrow(/engine 2.*engine 1/);
    expect(() => assertEngine('0003-abababab', 1, 1)).not.toThrow();
  });
});
