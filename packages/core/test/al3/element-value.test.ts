import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readElement, type ReadValue } from '../../src/al3/element-value.ts';

/** A value of this type that stands in these bytes, in a short form for tables. */
function read(text: string, type: string, length = text.length): string {
  const element = { name: 'it', start: 3, length, type };
  const { value, fault }: ReadValue = readElement(`##${text}`, element, { pivot: 50 });
  const said = fault ? ` ! ${fault.code}` : '';
  switch (value.kind) {
    case 'text':
    case 'number':
    case 'date':
      return `${value.kind} ${value.text}${said}`;
    case 'name':
      return JSON.stringify(value.name);
    default:
      return value.kind + said;
  }
}

describe('the three ways to say nothing', () => {
  test.each([
    ['????', 'not-sent'],
    ['?  ?', 'not-sent'],
    ['?ABC', 'not-sent ! not-sent-with-data'],
    ['    ', 'blank'],
    ['', 'absent'],
  ])('%j is %s', (text, expected) => {
    for (const type of ['AN', 'N0', 'S2', 'DT8']) expect(read(text, type, 4)).toBe(expected);
  });

  test('are told apart where the group ends inside the element', () => {
    expect([read('??', 'N0', 4), read('  ', 'N0', 4)]).toEqual(['not-sent', 'blank']);
  });

  test('a question mark inside text is data', () => {
    expect(read('WHAT? WELL?   ', 'T')).toBe('text WHAT? WELL?');
  });
});

describe('values', () => {
  test.each([
    ['A  ', 'A', 'text A'],
    [' A ', 'AN', 'text  A'],
    ['Per\xfa \xb3', 'T', 'text Per\xfa \xb3'],
    ['0012', 'N0', 'number 12'],
    ['0000', 'N0', 'number 0'],
    ['  12', 'N0', 'number 12'],
    ['00000012345', 'N2', 'number 123.45'],
    ['05', 'N2', 'number 0.05'],
    ['5', 'N6', 'number 0.000005'],
    ['00000011500+', 'S2', 'number 115.00'],
    ['00000012345-', 'S2', 'number -123.45'],
    ['00000000000-', 'S2', 'number 0.00'],
    ['0000000001-', 'S5', 'number -0.00001'],
    ['9'.repeat(40) + '+', 'S2', `number ${'9'.repeat(38)}.99`],
    ['12  ', 'SN', 'text 12'],
    ['007', 'NV', 'text 007'],
    ['007', 'PCT', 'text 007'],
    ['20260201', 'DT8', 'date 2026-02-01'],
    ['20240229', 'DT8', 'date 2024-02-29'],
    ['00000000', 'DT8', 'blank'],
    ['850704', 'DT6', 'date 1985-07-04'],
    ['490704', 'DT6', 'date 2049-07-04'],
    ['500704', 'DT6', 'date 1950-07-04'],
    ['000000', 'DT6', 'blank'],
    ['0226', 'D2Y', 'date 2026-02'],
  ])('%j of type %s is %s', (text, type, expected) => {
    expect(read(text, type)).toBe(expected);
  });

  test.each([
    ['12A4', 'N0'],
    ['1 34', 'N0'],
    ['12  ', 'N0'],
    ['12.5', 'N2'],
    ['0012+', 'N2'],
    ['00115', 'S2'],
    ['+0115', 'S2'],
    ['+', 'S2'],
    ['20260230', 'DT8'],
    ['20230229', 'DT8'],
    ['20261301', 'DT8'],
    ['2026 201', 'DT8'],
    ['00010000', 'DT8'],
    ['851304', 'DT6'],
    ['1326', 'D2Y'],
  ])('%j does not fit %s and is kept as it is', (text, type) => {
    expect(read(text, type)).toBe(`text ${text} ! value-misfit`);
  });

  test('that the group cuts are kept as they are, texts as what is there', () => {
    expect(read('2026', 'DT8', 8)).toBe('text 2026 ! value-cut');
    expect(read('0012', 'S2', 12)).toBe('text 0012 ! value-cut');
    expect(read('SOME TE', 'T', 30)).toBe('text SOME TE');
  });
});

describe('names', () => {
  const person = `P${'DR.'.padEnd(8)}${'ALEX'.padEnd(16)}${'?'.repeat(11)}${'SAMPLE'.padEnd(20)}    `;

  test('of persons have parts', () => {
    const parts = [
      ['prefix', 'DR.'],
      ['first', 'ALEX'],
      ['last', 'SAMPLE'],
      ['suffix', null],
    ];
    expect(read(person, 'NM')).toBe(JSON.stringify({ type: 'P', parts }));
    expect(read(person.slice(0, 15), 'NM', 60)).toBe(
      JSON.stringify({
        type: 'P',
        parts: [
          ['prefix', 'DR.'],
          ['first', 'ALEX'],
        ],
      }),
    );
  });

  test('of firms are text', () => {
    expect(read('CACME  FARMS'.padEnd(60), 'NM')).toBe(JSON.stringify({ type: 'C', name: 'ACME  FARMS' }));
  });

  test('of neither are kept as they are', () => {
    expect(read('ACME FARMS'.padEnd(60), 'NM')).toBe('text ACME FARMS ! value-misfit');
  });
});

test('decimals are what integers of any length say, exactly', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 0, max: 6 }),
      (number, decimals) => {
        const digits = String(number < 0n ? -number : number).padStart(decimals + 1, '0');
        const [, text = ''] = read(`${digits}${number < 0n ? '-' : '+'}`, `S${decimals}`).split(' ');
        expect(BigInt(text.replace('.', ''))).toBe(number);
        expect((text.split('.')[1] ?? '').length).toBe(decimals);
      },
    ),
  );
});
