import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, createZstdCompress, gzipSync } from 'node:zlib';
import { once } from 'node:events';
import type { Column } from '@winnow/kernel';

const MIB = 2 ** 20;

/** What a hard input must come to. */
export interface Expected {
  readonly records: number;
  readonly quarantined: number;
}

/** An input that is hard on memory: a file made by `make`. */
export interface MemoryCase {
  readonly name: string;
  /** Name of the file. */
  readonly file: string;
  /** Given, where sampling cannot find them. */
  readonly columns?: readonly Column[];
  /** Flags of the run besides. */
  readonly flags?: readonly string[];
  readonly make: (path: string) => Expected | Promise<Expected>;
}

/** Writes text in large pieces. */
class TextFile {
  readonly #file: number;
  #open: string[] = [];
  #length = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(text: string): void {
    this.#open.push(text);
    this.#length += text.length;
    if (this.#length > 4 * MIB) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#open.join(''));
    this.#open = [];
    this.#length = 0;
  }
}

const small = (id: number): string => `{"id":${id},"kind":"k${id % 7}","text":"row ${id}"}\n`;

/** A hundred small records, the line, a hundred more. */
function amongSmall(path: string, line: (file: TextFile) => void, bad: boolean): Expected {
  const file = new TextFile(path);
  for (let id = 0; id < 100; id++) file.write(small(id));
  line(file);
  for (let id = 100; id < 200; id++) file.write(small(id));
  file.close();
  return { records: 201, quarantined: bad ? 1 : 0 };
}

/** `bytes` characters of text that compresses badly: 31 blocks of 32 KiB in turn. */
function writeText(file: TextFile, bytes: number): void {
  let seed = 1;
  const block = (): string => {
    let text = '';
    while (text.length < 32_768) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      text += seed.toString(36);
    }
    return text.slice(0, 32_768);
  };
  const blocks = Array.from({ length: 31 }, block);
  for (let left = bytes, at = 0; left > 0; left -= 32_768) {
    file.write((blocks[at++ % 31] ?? '').slice(0, Math.min(left, 32_768)));
  }
}

function longText(path: string, lineBytes: number): Expected {
  const around = '{"id":9,"kind":"long","text":""}'.length;
  const line = (file: TextFile): void => {
    file.write('{"id":9,"kind":"long","text":"');
    writeText(file, lineBytes - around);
    file.write('"}\n');
  };
  return amongSmall(path, line, false);
}

/** Records of the largest size among 100 MB of usual ones, in one unit: row groups are full when they come. */
function longAmongMany(path: string, lines: number): Expected {
  const { block, records } = repeatedBlock();
  const around = '{"id":9,"author":"long","body":""}'.length;
  const file = new TextFile(path);
  for (let line = 0; line < lines; line++) {
    file.write(block.toString());
    file.write('{"id":9,"author":"long","body":"');
    writeText(file, 64 * MIB - 1 - around);
    file.write('"}\n');
    file.write(block.toString());
  }
  file.close();
  return { records: lines * (2 * records + 1), quarantined: 0 };
}

/** One record with a tree of objects and lists in `text`: raw JSON in `_rest`. */
function longNested(path: string, lineBytes: number): Expected {
  const branch = `{"a":[1,2.5,{"b":"x","c":[true,null,"é"]}],"d":{"e":{"f":[${'7,'.repeat(200)}8]}}}`;
  const line = (file: TextFile): void => {
    file.write(`{"id":9,"kind":"long","text":[${branch}`);
    for (let bytes = branch.length; bytes < lineBytes; bytes += branch.length + 1) file.write(`,${branch}`);
    file.write(']}\n');
  };
  return amongSmall(path, line, false);
}

/** One record with a million keys that have no column: beyond what is looked through, so quarantined. */
function manyKeys(path: string, keys: number): Expected {
  const line = (file: TextFile): void => {
    file.write('{"id":9');
    for (let key = 0; key < keys; key++)
      file.write(`,"key-of-sixty-bytes-${key}":"some text of ${key} and more"`);
    file.write('}\n');
  };
  return amongSmall(path, line, true);
}

/** The text is one block, over and over: what it costs to hold does not depend on what it says. */
function repeatedBlock(): { block: Buffer; records: number } {
  const lines: string[] = [];
  let length = 0;
  for (let id = 0; length < 16 * MIB; id++) {
    const line = `{"id":${id * 7919},"author":"a${(id * 31) % 5000}","score":${id % 977},"ratio":${(id % 1000) / 8},"body":"${`word${id % 331} `.repeat(1 + (id % 40))}","ok":${id % 3 === 0}}\n`;
    lines.push(line);
    length += line.length;
  }
  return { block: Buffer.from(lines.join('')), records: lines.length };
}

function blocksFor(bytes: number): { block: Buffer; blocks: number; expected: Expected } {
  const { block, records } = repeatedBlock();
  const blocks = Math.ceil(bytes / block.length);
  return { block, blocks, expected: { records: records * blocks, quarantined: 0 } };
}

function plainFile(path: string, bytes: number): Expected {
  const { block, blocks, expected } = blocksFor(bytes);
  const file = openSync(path, 'w');
  for (let i = 0; i < blocks; i++) writeSync(file, block);
  closeSync(file);
  return expected;
}

/** Members of 16 MiB, one behind the other. */
function gzipFile(path: string, bytes: number): Expected {
  const { block, blocks, expected } = blocksFor(bytes);
  const member = gzipSync(block, { level: 1 });
  const file = openSync(path, 'w');
  for (let i = 0; i < blocks; i++) writeSync(file, member);
  closeSync(file);
  return expected;
}

/** One frame with a window of 2^`windowLog` bytes. */
async function zstdFile(path: string, bytes: number, windowLog: number): Promise<Expected> {
  const { block, blocks, expected } = blocksFor(bytes);
  const stream = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: 1,
      [constants.ZSTD_c_windowLog]: windowLog,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const file = openSync(path, 'w');
  stream.on('data', (chunk: Buffer) => writeSync(file, chunk));
  for (let i = 0; i < blocks; i++) if (!stream.write(block)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'end');
  closeSync(file);
  return expected;
}

/** `share` of the columns in each record. Types in turn: three integers, one double, one boolean, three texts. */
function wide(path: string, columns: number, rows: number, share: number): Expected {
  const file = new TextFile(path);
  const step = Math.round(1 / share);
  for (let row = 0; row < rows; row++) {
    const fields: string[] = [];
    for (let column = row % step; column < columns; column += step) fields.push(wideField(column, row));
    file.write(`{${fields.join(',')}}\n`);
  }
  file.close();
  return { records: rows, quarantined: 0 };
}

function wideField(column: number, row: number): string {
  const value = (row * 31 + column * 17) % 1009;
  switch (wideTypeOf(column)) {
    case 'int64':
      return `"column_${column}":${value}`;
    case 'double':
      return `"column_${column}":${value / 8}`;
    case 'boolean':
      return `"column_${column}":${value % 2 === 0}`;
    default:
      return `"column_${column}":"v${value}"`;
  }
}

const wideTypeOf = (column: number): 'int64' | 'double' | 'boolean' | 'text' =>
  (['int64', 'int64', 'int64', 'double', 'boolean', 'text', 'text', 'text'] as const)[column % 8] ?? 'text';

export const wideColumns = (columns: number): Column[] =>
  Array.from({ length: columns }, (_, column) => ({ name: `column_${column}`, type: wideTypeOf(column) }));

function blankLines(path: string, lines: number): Expected {
  const file = new TextFile(path);
  file.write(small(0));
  for (let line = 0; line < lines; line += 1000) file.write('\n'.repeat(1000));
  file.write(small(1));
  file.close();
  return { records: 2, quarantined: 0 };
}

function badLines(path: string, lines: number): Expected {
  const file = new TextFile(path);
  file.write(small(0));
  for (let line = 0; line < lines; line++) file.write(`{"id":${line},"kind":"bad" "text":"row ${line}"}\n`);
  file.write(small(1));
  file.close();
  return { records: lines + 2, quarantined: lines };
}

/** Bad records of 20 MB, one behind the other: their first MiB is kept. */
function longBadLines(path: string, lines: number): Expected {
  const file = new TextFile(path);
  file.write(small(0));
  for (let line = 0; line < lines; line++) {
    file.write('{"id":1,"kind":"bad","text":"\\u000');
    writeText(file, 20e6);
    file.write('\n');
  }
  file.close();
  return { records: lines + 1, quarantined: lines };
}

/** Every record has keys that no other has. */
function heavyDrift(path: string, lines: number): Expected {
  const file = new TextFile(path);
  for (let line = 0; line < 1000; line++) file.write(small(line));
  for (let line = 1000; line < lines; line++) {
    const unknown = Array.from({ length: 50 }, (_, key) => `"key_${line}_${key}":"value of ${key}"`);
    file.write(`{"id":"${line}",${unknown.join(',')}}\n`);
  }
  file.close();
  return { records: lines, quarantined: 0 };
}

/** The hard inputs. `gigabytes`: of the plain file; the compressed ones decode to 3 GB. */
export function memoryCases(gigabytes: number): MemoryCase[] {
  const schema = [
    { name: 'id', type: 'int64' },
    { name: 'kind', type: 'text' },
    { name: 'text', type: 'text' },
  ] satisfies Column[];
  const tooWide = (columns: number, rows: number, share: number): MemoryCase => ({
    name: `columns-${columns}-${share === 1 ? 'dense' : 'sparse'}`,
    file: 'wide.ndjson',
    columns: wideColumns(columns),
    make: (path) => wide(path, columns, rows, share),
  });
  return [
    { name: 'line-text-50mb', file: 'a.ndjson', make: (path) => longText(path, 50e6) },
    { name: 'line-nested-50mb', file: 'a.ndjson', make: (path) => longNested(path, 50e6) },
    { name: 'line-64mib', file: 'a.ndjson', make: (path) => longText(path, 64 * MIB - 1) },
    {
      name: 'lines-64mib-in-one-unit',
      file: 'a.ndjson',
      flags: ['--unit-bytes', '1GiB'],
      make: (path) => longAmongMany(path, 6),
    },
    {
      name: 'lines-64mib-in-many-units',
      file: 'a.ndjson',
      flags: ['--shard-units', '1000'],
      make: (path) => longAmongMany(path, 6),
    },
    { name: 'line-million-keys', file: 'a.ndjson', make: (path) => manyKeys(path, 1e6) },
    { name: `plain-${gigabytes}gb`, file: 'a.ndjson', make: (path) => plainFile(path, gigabytes * 1e9) },
    { name: 'gzip-3gb', file: 'a.ndjson.gz', make: (path) => gzipFile(path, 3e9) },
    { name: 'zstd-3gb', file: 'a.ndjson.zst', make: (path) => zstdFile(path, 3e9, 23) },
    { name: 'zstd-window-128mib', file: 'a.ndjson.zst', make: (path) => zstdFile(path, 1e9, 27) },
    tooWide(10_000, 20_000, 1),
    tooWide(10_000, 20_000, 1 / 200),
    { name: 'blank-8-million', file: 'a.ndjson', make: (path) => blankLines(path, 8e6) },
    { name: 'bad-1-million', file: 'a.ndjson', make: (path) => badLines(path, 1e6) },
    { name: 'bad-20mb-lines', file: 'a.ndjson', make: (path) => longBadLines(path, 20) },
    { name: 'drift-heavy', file: 'a.ndjson', columns: schema, make: (path) => heavyDrift(path, 200_000) },
  ];
}

/** Wide tables, to see what columns cost. */
export function wideCases(): MemoryCase[] {
  return [100, 1000, 5000, 10_000, 30_000].flatMap((columns) =>
    [1, 1 / 100].map((share): MemoryCase => {
      const rows = Math.round(4e7 / (columns * (share === 1 ? 1 : 0.05)));
      return {
        name: `wide-${columns}-${share === 1 ? 'dense' : 'sparse'}`,
        file: 'wide.ndjson',
        columns: wideColumns(columns),
        make: (path) => wide(path, columns, rows, share),
      };
    }),
  );
}
