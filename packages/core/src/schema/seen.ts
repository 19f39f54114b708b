/** What a value of a record can be. Numbers are told apart by what holds them exactly. */
export const KINDS = [
  'null',
  'boolean',
  /** Written as an integer within int64, and a double holds it too. */
  'integer',
  /** Within int64, but no double holds it. */
  'integer beyond doubles',
  /** Not written as such an integer, and a double holds it. */
  'number',
  /** Neither int64 nor a double holds it. */
  'number beyond doubles',
  'string',
  'object',
  'array',
] as const;
export type Kind = (typeof KINDS)[number];

/** A struct has at most so many fields: objects with more keys are data in disguise. */
export const MAX_STRUCT_KEYS = 200;
/** A value nested deeper is not looked into: a column's own value stands on the first level. */
export const MAX_NESTED_LEVELS = 8;
/** Places of one column that are kept apart while looking, so that no input can fill the memory. */
const MAX_COLUMN_PLACES = 20_000;

/** Why a place is not looked into. */
export type Closed = 'too many keys' | 'too deep' | 'too many fields';

/** The column that places are of: all of them count together. */
interface ColumnPlaces {
  count: number;
}

/** Text as a string of its own: a slice would keep the whole sample in memory. */
const ownText = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

/** What was seen at one place: of a key, or of the elements of an array. */
export class Seen {
  readonly level: number;
  /** Values of each kind, by its index in {@link KINDS}. */
  readonly counts: number[] = KINDS.map(() => 0);
  /** Raw text of the first scalar of a kind. */
  readonly examples: (string | undefined)[] = [];
  /** The keys of its objects, in order of appearance. */
  fields: Map<string, Seen> | undefined;
  /** All elements of its arrays. */
  element: Seen | undefined;
  closed: Closed | undefined;
  /** The record that was counted last: a key that stands in it twice counts once. */
  record = 0;
  readonly #column: ColumnPlaces;

  constructor(level = 1, column: ColumnPlaces = { count: 0 }) {
    this.level = level;
    this.#column = column;
  }

  /** Whether its column has so many places that not all of them were kept. */
  get isTooLarge(): boolean {
    return this.#column.count > MAX_COLUMN_PLACES;
  }

  count(kind: Kind): number {
    return this.counts[KINDS.indexOf(kind)] ?? 0;
  }

  /** Kinds of the values seen. */
  kinds(): Kind[] {
    return KINDS.filter((_, index) => (this.counts[index] ?? 0) > 0);
  }

  /** Counts a value of the kind with this index. */
  add(kind: number): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  exampleOf(kind: Kind): string | undefined {
    return this.examples[KINDS.indexOf(kind)];
  }

  needsExample(kind: number): boolean {
    return this.examples[kind] === undefined;
  }

  keepExample(kind: number, raw: string): void {
    this.examples[kind] = ownText(raw);
  }

  /** Whether objects and arrays at this place are looked into. */
  opens(): boolean {
    if (this.closed !== undefined) return false;
    const why = this.#reasonToClose();
    if (why !== undefined) this.#close(why);
    return why === undefined;
  }

  /** The place of a key; undefined where this one is closed, or no field can have that name. */
  field(name: string): Seen | undefined {
    const known = this.fields?.get(name);
    if (known !== undefined || this.closed !== undefined) return known;
    if (name === '' || !name.isWellFormed()) return undefined;
    this.fields ??= new Map();
    if (this.fields.size === MAX_STRUCT_KEYS) {
      this.#close('too many keys');
      return undefined;
    }
    const field = this.#below();
    this.fields.set(ownText(name), field);
    return field;
  }

  elements(): Seen {
    return (this.element ??= this.#below());
  }

  #reasonToClose(): Closed | undefined {
    if (this.level > MAX_NESTED_LEVELS) return 'too deep';
    return this.isTooLarge ? 'too many fields' : undefined;
  }

  #below(): Seen {
    this.#column.count++;
    return new Seen(this.level + 1, this.#column);
  }

  #close(why: Closed): void {
    this.closed = why;
    this.fields = undefined;
    this.element = undefined;
  }
}
