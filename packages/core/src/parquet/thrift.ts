/**
 * Writes Thrift's compact protocol, as far as Parquet's metadata needs it.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 * Integers are numbers: exact up to 2^52.
 */
export class CompactWriter {
  #bytes = Buffer.alloc(256);
  #used = 0;
  /** Id of the field before, in the open struct. */
  #lastField = 0;

  /** What was written, as a copy. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#used));
  }

  /** The fields of a struct without a header: the outermost one, or a list's element. */
  struct(fields: () => void): void {
    const outer = this.#lastField;
    this.#lastField = 0;
    fields();
    this.#byte(STOP);
    this.#lastField = outer;
  }

  structField(id: number, fields: () => void): void {
    this.#fieldHeader(id, TYPES.struct);
    this.struct(fields);
  }

  booleanField(id: number, value: boolean): void {
    this.#fieldHeader(id, value ? TYPES.true : TYPES.false);
  }

  i32Field(id: number, value: number): void {
    this.#fieldHeader(id, TYPES.i32);
    this.#zigzag(value);
  }

  i64Field(id: number, value: number): void {
    this.#fieldHeader(id, TYPES.i64);
    this.#zigzag(value);
  }

  binaryField(id: number, value: Uint8Array | string): void {
    this.#fieldHeader(id, TYPES.binary);
    this.#binary(value);
  }

  i32List(id: number, values: readonly number[]): void {
    this.#listHeader(id, TYPES.i32, values.length);
    for (const value of values) this.#zigzag(value);
  }

  i64List(id: number, values: readonly number[]): void {
    this.#listHeader(id, TYPES.i64, values.length);
    for (const value of values) this.#zigzag(value);
  }

  booleanList(id: number, values: readonly boolean[]): void {
    this.#listHeader(id, TYPES.true, values.length);
    for (const value of values) this.#byte(value ? TYPES.true : TYPES.false);
  }

  binaryList(id: number, values: readonly (Uint8Array | string)[]): void {
    this.#listHeader(id, TYPES.binary, values.length);
    for (const value of values) this.#binary(value);
  }

  structList<T>(id: number, elements: readonly T[], fields: (element: T) => void): void {
    this.#listHeader(id, TYPES.struct, elements.length);
    for (const element of elements) this.struct(() => fields(element));
  }

  /** Goes on, as the first thing in a struct, with the fields of an {@link openStruct} that ended with field `last`. */
  continueStruct(fields: Uint8Array, last: number): void {
    this.#raw(fields);
    this.#lastField = last;
  }

  #fieldHeader(id: number, type: number): void {
    const step = id - this.#lastField;
    if (step > 0 && step < 16) {
      this.#byte((step << 4) | type);
    } else {
      this.#byte(type);
      this.#zigzag(id);
    }
    this.#lastField = id;
  }

  #listHeader(id: number, type: number, size: number): void {
    this.#fieldHeader(id, TYPES.list);
    if (size < 15) {
      this.#byte((size << 4) | type);
    } else {
      this.#byte(0xf0 | type);
      this.#varint(size);
    }
  }

  #binary(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.#varint(bytes.length);
    this.#raw(bytes);
  }

  #zigzag(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #varint(value: number): void {
    let left = value;
    while (left > 127) {
      this.#byte((left % 128) | 128);
      left = Math.floor(left / 128);
    }
    this.#byte(left);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#used++] = value;
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.alloc((this.#used + more) * 2);
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

const STOP = 0;
const TYPES = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** Bytes of a struct's fields without its end: more may follow. */
export function openStruct(fields: (writer: CompactWriter) => void): Buffer {
  const writer = new CompactWriter();
  fields(writer);
  return writer.bytes();
}

/** Bytes of one struct. */
export function compactStruct(fields: (writer: CompactWriter) => void): Buffer {
  const writer = new CompactWriter();
  writer.struct(() => fields(writer));
  return writer.bytes();
}
