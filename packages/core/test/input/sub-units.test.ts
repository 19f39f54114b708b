import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SubUnitStream } from '../../src/input/sub-units.ts';
import { inChunks } from './streams.ts';

async function* decoded(text: Buffer, lengths: readonly number[]): AsyncGenerator<{ bytes: Uint8Array }> {
  for await (const bytes of inChunks(text, lengths)) yield { bytes };
}

/** The sub-units as text, and whether the last piece said that it was the last. */
async function subUnits(
  text: Buffer,
  unitBytes: number,
  lengths: readonly number[],
  skipTo = 0,
): Promise<{ units: string[]; last: boolean[] }> {
  const stream = new SubUnitStream(decoded(text, lengths), { unitBytes, skipTo });
  const units: string[] = [];
  const last: boolean[] = [];
  let open: Uint8Array[] = [];
  for (let piece = await stream.next(); piece !== undefined; piece = await stream.next()) {
    expect(piece.bytes.length).toBeGreaterThan(0);
    open.push(piece.bytes);
    if (!piece.endsSubUnit) {
      expect(piece.last).toBe(false);
      continue;
    }
    units.push(Buffer.concat(open).toString());
    last.push(piece.last);
    open = [];
  }
  expect(open).toEqual([]);
  expect(await stream.next()).toBeUndefined();
  await stream.close();
  return { units, last };
}

test.each<[string, string, number, string[]]>([
  ['nothing', '', 4, []],
  ['less than a unit', 'a\nb', 10, ['a\nb']],
  ['exactly a unit', 'aaa\n', 4, ['aaa\n']],
  ['two units', 'aaa\nbbb\n', 4, ['aaa\n', 'bbb\n']],
  ['a record that ends one byte too early', 'aa\nbbb\n', 4, ['aa\nbbb\n']],
  ['a record longer than a unit', 'aaaaaaaa\nb\n', 4, ['aaaaaaaa\n', 'b\n']],
  ['each record', 'a\n\nb', 1, ['a\n', '\n', 'b']],
])('cuts %s', async (_, text, unitBytes, expected) => {
  for (const lengths of [[100], [1], [3]]) {
    const { units, last } = await subUnits(Buffer.from(text), unitBytes, lengths);
    expect(units).toEqual(expected);
    expect(last).toEqual(expected.map((_unit, index) => index === expected.length - 1));
  }
});

test('cuts the same sub-units whatever the chunks, and from any of them on', async () => {
  const textOf = fc
    .array(fc.constantFrom('\n', 'a', 'bc', '{"k":1}\n'), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join('')));
  const lengthsOf = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      textOf,
      fc.integer({ min: 1, max: 40 }),
      lengthsOf,
      fc.nat(),
      async (text, unitBytes, lengths, pick) => {
        const { units, last } = await subUnits(text, unitBytes, lengths);
        expect(units.join('')).toBe(text.toString());
        for (const unit of units.slice(0, -1)) {
          expect(unit.endsWith('\n')).toBe(true);
          expect(unit.length).toBeGreaterThanOrEqual(unitBytes);
          expect(unit.slice(unitBytes - 1).indexOf('\n')).toBe(unit.length - unitBytes);
        }
        expect(last.filter(Boolean)).toHaveLength(units.length === 0 ? 0 : 1);
        const from = pick % (units.length + 1);
        const skipTo = units.slice(0, from).join('').length;
        expect((await subUnits(text, unitBytes, [13], skipTo)).units).toEqual(units.slice(from));
      },
    ),
    { numRuns: 500 },
  );
});

test('refuses to start behind the end of the input', async () => {
  const stream = new SubUnitStream(decoded(Buffer.from('a\n'), [1]), { unitBytes: 1, skipTo: 3 });
  await expect(stream.next()).rejects.toThrow(
    'a sub-unit starts at decoded byte 3, but the input ended at 2',
  );
});

test('gives all that came before a failure of the input, whatever the chunks, and ends nothing because of it', async () => {
  const text = Buffer.from('a\nb\nc');
  for (const lengths of [[100], [1], [2], [3], [4, 1]]) {
    const failing = async function* (): AsyncGenerator<{ bytes: Uint8Array }> {
      yield* decoded(text, lengths);
      throw new RangeError('damaged');
    };
    const stream = new SubUnitStream(failing(), { unitBytes: 2 });
    const ends: number[] = [];
    let given = '';
    while (given.length < text.length) {
      const piece = (await stream.next())!;
      given += piece.bytes.toString();
      expect(piece.last).toBe(false);
      if (piece.endsSubUnit) ends.push(given.length);
    }
    expect([given, ends]).toEqual([text.toString(), [2, 4]]);
    await expect(stream.next()).rejects.toThrow('damaged');
    await expect(stream.next()).rejects.toThrow('damaged');
  }
});
