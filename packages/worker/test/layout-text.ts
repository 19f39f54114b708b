import fc from 'fast-check';

/** Ways to write the same records. */
export const LAYOUTS = ['array-lines', 'array', 'arrays', 'documents'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** A text, and where in it each record begins and how it is written there. */
export interface Rendered {
  readonly text: Buffer;
  readonly records: readonly { readonly offset: number; readonly raw: string }[];
}

const value = fc.oneof(
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom('[', '"],[{', '\\', '}{', ',\n', '\\"'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ a: [1, 'x]', { b: '}' }] }),
);
const good = fc
  .record({ name: value, value, nested: value, new: value }, { requiredKeys: [] })
  .map((fields) => JSON.stringify({ id: 7, ...fields }));
/** Brackets and quotes are whole in them, so that they are bad by themselves, whatever stands around. */
const bad = fc.constantFrom(
  '{"id":01}',
  '{"id":1,}',
  '{"id":1,"id":2}',
  '{"id":1} {"id":2}',
  '{"a":"\t"}',
  '{"a":"\\ud800"}',
  '[1]',
  '7',
  'null',
  '"],["',
);

/** Texts of records; the first is an object, for that tells an array of records from lines that are arrays. */
export const recordTexts = fc
  .tuple(
    good,
    fc.array(fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: bad }), { maxLength: 30 }),
  )
  .map(([first, others]) => [first, ...others]);

/** Spellings: white space is taken from these in turn. */
export const spelling = fc.record({
  spaces: fc.array(fc.constantFrom('', '', ' ', '\n', '\r\n', '\n  ', '\t', ' '.repeat(70)), {
    minLength: 1,
    maxLength: 7,
  }),
  mark: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  endsInLine: fc.boolean(),
});
export type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

export const ndjsonOf = (texts: readonly string[]): Rendered => {
  const writer = new TextWriter();
  for (const text of texts) {
    writer.record(text);
    writer.add('\n');
  }
  return writer.rendered();
};

export function render(
  texts: readonly string[],
  layout: Layout,
  { spaces, mark, ...ends }: Spelling,
): Rendered {
  let turn = 0;
  const inLine = layout === 'array-lines';
  const space = (): string => {
    const next = spaces[turn++ % spaces.length] ?? '';
    return inLine ? next.replaceAll(/[\r\n]/g, '') : next;
  };
  const writer = new TextWriter();
  if (mark) writer.add('\ufeff');
  const open = (): void =>
    writer.add(layout === 'documents' ? `{${space()}"x":["]"],${space()}"r":${space()}[` : '[');
  const close = (): void => writer.add(layout === 'documents' ? `]${space()},"y":{"r":[1]}}` : ']');
  writer.add(space());
  open();
  texts.forEach((text, i) => {
    const cut = i > 0 && i % 5 === 0 && (layout === 'arrays' || layout === 'documents');
    if (cut) {
      close();
      writer.add(space());
      open();
    } else if (i > 0) writer.add(',');
    writer.add(inLine ? ends.lineEnd + space() : space());
    writer.record(spaced(text, space));
    writer.add(space());
  });
  if (inLine) writer.add(ends.lineEnd);
  close();
  if (ends.endsInLine) writer.add(ends.lineEnd);
  return writer.rendered();
}

/** White space between the keys and values of an object, none in its values: those are kept as they are written. */
function spaced(text: string, space: () => string): string {
  try {
    const object = JSON.parse(text) as unknown;
    if (typeof object !== 'object' || object === null || JSON.stringify(object) !== text) return text;
    const fields = Object.entries(object).map(
      ([key, inner]) => `${JSON.stringify(key)}${space()}:${space()}${JSON.stringify(inner)}`,
    );
    if (Array.isArray(object)) return text;
    return `{${space()}${fields.join(`${space()},${space()}`)}${space()}}`;
  } catch {
    return text;
  }
}

class TextWriter {
  #text = '';
  readonly #records: { offset: number; raw: string }[] = [];

  add(text: string): void {
    this.#text += text;
  }

  record(raw: string): void {
    this.#records.push({ offset: Buffer.byteLength(this.#text), raw });
    this.#text += raw;
  }

  rendered(): Rendered {
    return { text: Buffer.from(this.#text), records: this.#records };
  }
}
