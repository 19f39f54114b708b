import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_INPUTS_PER_UNIT, UnitCutter, type SizedInput, type UnnumberedUnit } from '../../src/plan/cut.ts';
import { plannedBytes, type PlannedInput } from '../../src/shapes/unit.ts';

/** The cutter's steps, put together to units. */
function cutUnits(inputs: readonly SizedInput[], unitBytes: number): UnnumberedUnit[] {
  const cutter = new UnitCutter(unitBytes);
  const units: UnnumberedUnit[] = [];
  let open: PlannedInput[] = [];
  for (const step of [...inputs.flatMap((input) => [...cutter.add(input)]), ...cutter.end()]) {
    if (step.kind === 'input') open.push(step.input);
    else {
      units.push({ inputs: open, ...step.facts });
      open = [];
    }
  }
  expect(open).toEqual([]);
  return units;
}

const input = (key: string, facts: Partial<SizedInput> = {}): SizedInput => ({
  key,
  size: 10,
  pin: 'p',
  decoded: facts.size ?? 10,
  windowBytes: 0,
  plain: false,
  ...facts,
});
const GIB = 2 ** 30;

/** A unit in a few letters: keys, range, sub-units, memory. */
const short = (inputs: SizedInput[], unitBytes: number): string[] =>
  cutUnits(inputs, unitBytes).map((unit) => {
    const keys = unit.inputs.map(({ key, refuse }) => (refuse ? `!${key}` : key)).join('+');
    const range = unit.range ? `[${unit.range.start},${unit.range.end})` : '';
    return `${keys}${range}${unit.subUnits ? '*' : ''}@${unit.memoryMiB}`;
  });

describe('cutting inputs into units of 25 decoded bytes', () => {
  test.each<[string, SizedInput[], string[]]>([
    ['nothing', [], []],
    ['small ones share a unit while they fit', ['a', 'b', 'c'].map((k) => input(k)), ['a+b@512', 'c@512']],
    ['an exact fit stays one unit', [input('a', { size: 25, plain: true })], ['a@512']],
    [
      'a large plain one becomes ranges of equal size',
      [input('a', { size: 60, plain: true })],
      ['a[0,20)@512', 'a[20,40)@512', 'a[40,60)@512'],
    ],
    ['a large compressed one gets sub-units', [input('a', { decoded: 26 })], ['a*@512']],
    [
      'a large one closes the open unit: the order stays',
      [input('a'), input('b', { decoded: 99 }), input('c')],
      ['a@512', 'b*@512', 'c@512'],
    ],
    [
      'a window of 2 GiB needs another memory class and never shares',
      [input('a'), input('b', { windowBytes: 2 * GIB }), input('c')],
      ['a@512', 'b@4096', 'c@512'],
    ],
    [
      'a refused one is carried along, whatever its size',
      [input('a'), input('b', { decoded: 0, size: 999, refuse: 'changed' })],
      ['a+!b@512'],
    ],
    ['an empty one has a unit too', [input('a', { size: 0, decoded: 0, plain: true })], ['a@512']],
  ])('%s', (_title, inputs, units) => {
    expect(short(inputs, 25)).toEqual(units);
  });

  test('no unit has more than 10,000 inputs', () => {
    const inputs = Array.from({ length: MAX_INPUTS_PER_UNIT + 1 }, (_, i) =>
      input(String(i), { decoded: 0 }),
    );
    expect(cutUnits(inputs, 25).map((unit) => unit.inputs.length)).toEqual([MAX_INPUTS_PER_UNIT, 1]);
  });
});

test('in the layout mirror nothing is split, and a unit has 512 inputs at most', () => {
  const units = (inputs: SizedInput[]): string[] => {
    const cutter = new UnitCutter(25, { layout: 'mirror' });
    return [...inputs.flatMap((one) => [...cutter.add(one)]), ...cutter.end()].map((step) =>
      step.kind === 'input' ? step.input.key : JSON.stringify(step.facts),
    );
  };
  expect(
    units([input('a'), input('b', { size: 60, plain: true }), input('c', { decoded: 26 }), input('d')]),
  ).toEqual([
    'a',
    '{"decoded":10,"memoryMiB":512}',
    'b',
    '{"decoded":60,"memoryMiB":512}',
    'c',
    '{"decoded":26,"memoryMiB":512}',
    'd',
    '{"decoded":10,"memoryMiB":512}',
  ]);
  const many = units(Array.from({ length: 1025 }, (_, i) => input(String(i), { decoded: 0 })));
  expect(many.flatMap((step, at) => (step.startsWith('{') ? [at] : []))).toEqual([512, 1025, 1027]);
});

test('steps of an input come at once: nobody waits for the end of a unit', () => {
  const cutter = new UnitCutter(25);
  expect([...cutter.add(input('a'))].map(({ kind }) => kind)).toEqual(['input']);
  expect([...cutter.add(input('b'))].map(({ kind }) => kind)).toEqual(['input']);
  expect([...cutter.add(input('c'))].map(({ kind }) => kind)).toEqual(['end', 'input']);
  expect([...cutter.end()]).toEqual([{ kind: 'end', facts: { decoded: 10, memoryMiB: 512 } }]);
  expect([...cutter.end()]).toEqual([]);
});

test('any cut plans each byte of each input exactly once, in order', () => {
  const anyInput = fc.record({
    size: fc.nat(200),
    plain: fc.boolean(),
    windowBytes: fc.constantFrom(0, 2 * GIB),
    ratio: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(anyInput), fc.integer({ min: 1, max: 100 }), (facts, unitBytes) => {
      const inputs = facts.map(({ ratio, ...fact }, i) =>
        input(String(i), { ...fact, decoded: fact.plain ? fact.size : fact.size * ratio }),
      );
      const covered = inputs.map(() => 0);
      let last = 0;
      for (const unit of cutUnits(inputs, unitBytes)) {
        const [first] = unit.inputs;
        expect(Number(first!.key)).toBeGreaterThanOrEqual(last);
        last = Number(unit.inputs.at(-1)!.key);
        if (unit.range) {
          expect(unit.range.start).toBe(covered[last]);
          covered[last] = unit.range.end;
          expect(plannedBytes(unit)).toBe(unit.range.end - unit.range.start);
        } else for (const { key, size } of unit.inputs) covered[Number(key)]! += size;
      }
      expect(covered).toEqual(inputs.map(({ size }) => size));
    }),
  );
});
