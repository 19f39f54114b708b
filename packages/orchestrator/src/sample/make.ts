import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Hooks } from '../operations/operations.ts';
import { badLine } from './bad-line.ts';
import { assertEmpty } from './empty-folder.ts';
import { SAMPLE_COLUMNS, sampleRecord, type SampleRecord } from './event-record.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import type { SampleManifest } from './manifest.ts';
import { SUFFIXES, type Packing } from './packer.ts';
import { createRandom, type Random } from './random.ts';
import type { SampleRequest } from './request.ts';
import { emptyTally, manifestOf, tallyFile, type Tally } from './tally.ts';

const FILES_A_FOLDER = 1000;
const PACKINGS: readonly Packing[] = ['none', 'gzip', 'zstd'];
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = Buffer.from('\n');
/** One blank line before so many records. */
const BLANK_EVERY = 500;

/** An archive in the making. */
interface Making {
  readonly request: SampleRequest;
  /** Of the text; how the files are cut into pieces has its own, so that the text is the same in every compression. */
  readonly random: Random;
  readonly tally: Tally;
}

/**
 * Writes an archive of web events and, beside its folder, what is in it (`.manifest.json`) and its columns
 * (`.schema.yaml`). Memory stays the same however large it is.
 *
 * @throws ConfigurationError where the folder has something in it
 */
export async function makeSample(
  request: SampleRequest,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<SampleManifest> {
  await assertEmpty(request.output);
  const making: Making = { request, random: createRandom(request.seed), tally: emptyTally() };
  for (let file = 0; file < request.files; file++) {
    signal.throwIfAborted();
    await makeFile(making, file);
  }
  const manifest = manifestOf(request, making.tally);
  await writeFile(`${request.output}.schema.yaml`, schemaText());
  await writeFile(`${request.output}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

const schemaText = (): string =>
  ['columns:', ...Object.entries(SAMPLE_COLUMNS).map(([name, type]) => `  ${name}: ${type}`), ''].join('\n');

function packingOf({ compression }: SampleRequest, file: number): Packing {
  return compression === 'mixed' ? (PACKINGS[file % PACKINGS.length] ?? 'none') : compression;
}

/** Folders of a thousand files, so that reading folders within folders is tried too. */
function nameOf(request: SampleRequest, file: number): string {
  const folder = String(Math.floor(file / FILES_A_FOLDER)).padStart(4, '0');
  return `${folder}/events-${String(file).padStart(6, '0')}.ndjson${SUFFIXES[packingOf(request, file)]}`;
}

async function makeFile(making: Making, file: number): Promise<void> {
  const { request } = making;
  const name = nameOf(request, file);
  const path = join(request.output, name);
  await mkdir(dirname(path), { recursive: true });
  const writer = createFileWriter(path, packingOf(request, file), createRandom(request.seed ^ (file + 1)));
  try {
    await writeLines(making, file, name, writer);
  } finally {
    await writer.close();
  }
  tallyFile(making.tally, writer);
}

/** The first good record of a file: the records are shared out evenly. */
const firstRecord = ({ records, files }: SampleRequest, file: number): number =>
  Math.floor((file * records) / files);

async function writeLines(making: Making, file: number, name: string, writer: FileWriter): Promise<void> {
  const { request, random, tally } = making;
  let lines = 0;
  // The second file, or the only one.
  if (file === Math.min(1, request.files - 1)) {
    await writer.write(BYTE_ORDER_MARK);
    tally.bom += 1;
  }
  const line = async (bytes: Buffer): Promise<number> => {
    if (lines > 0) await writer.write(LINE_FEED);
    lines += 1;
    const offset = writer.decoded;
    await writer.write(bytes);
    return offset;
  };
  for (let index = firstRecord(request, file); index < firstRecord(request, file + 1); index++) {
    if (random.once(BLANK_EVERY)) {
      await line(Buffer.alloc(0));
      tally.blank += 1;
    }
    const record = sampleRecord(index, random, request.drift);
    await line(Buffer.from(record.text));
    tally.addRecord(record);
    while (isBadAfter(request, tally.bad.length, index))
      await plantBad(tally, record, name, line, () => lines);
  }
  // The very last line of the archive ends without a line feed.
  if (file < request.files - 1) await writer.write(LINE_FEED);
  tally.lines += lines;
}

/** Bad lines are spread evenly: the one numbered `bad` comes after this good record. */
function isBadAfter(request: SampleRequest, bad: number, record: number): boolean {
  return bad < request.bad && Math.floor(((2 * bad + 1) * request.records) / (2 * request.bad)) <= record;
}

async function plantBad(
  tally: Tally,
  record: SampleRecord,
  file: string,
  line: (bytes: Buffer) => Promise<number>,
  lineNumber: () => number,
): Promise<void> {
  const { kind, bytes } = badLine(tally.bad.length, record.text);
  const offset = await line(bytes);
  tally.bad.push({ file, line: lineNumber(), offset, length: bytes.length, kind });
}
