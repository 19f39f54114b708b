import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MARKS, writeGroup, type Al3Layout } from '@winnow/core';
import type { Hooks } from '../../operations/operations.ts';
import { assertEmpty } from '../empty-folder.ts';
import { createRandom, type Random } from '../random.ts';
import { planted, type Al3Fault, type FilePiece } from './fault.ts';
import { groupBytes } from './group.ts';
import type { Al3SampleRequest } from './request.ts';
import { sampleTransaction } from './transaction.ts';

const FILES_A_FOLDER = 1000;

/** Files have these in turn: every way in which senders write. */
const LAYOUTS: readonly (Al3Layout & { readonly name: string })[] = [
  { name: 'crlf', separator: 'crlf' },
  { name: 'none', separator: 'none' },
  { name: 'packed-fa', separator: 'none', mark: MARKS[0] },
  { name: 'counted', separator: 'crlf', countsSeparator: true },
  { name: 'lf', separator: 'lf' },
  { name: 'packed-b3', separator: 'crlf', mark: MARKS[1] },
];

/** A file of the archive and what is in it, exactly. */
export interface Al3FileFacts {
  /** Relative to the archive. */
  readonly file: string;
  readonly layout: string;
  readonly bytes: number;
  readonly groups: number;
  readonly messages: number;
  readonly transactions: number;
  /** Of all policies, in cents. */
  readonly premium: number;
  readonly fault?: Al3Fault;
}

/** What is in an archive of AL3 files. Written beside its folder as `<output>.manifest.json`. */
export interface Al3Manifest {
  readonly request: Omit<Al3SampleRequest, 'output'>;
  readonly files: number;
  readonly bytes: number;
  readonly transactions: number;
  readonly premium: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly list: readonly Al3FileFacts[];
}

/**
 * Writes an archive of AL3 files with invented policies and, beside its folder, what is in it.
 *
 * @throws ConfigurationError where the folder has something in it
 */
export async function makeAl3Sample(
  request: Al3SampleRequest,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<Al3Manifest> {
  await assertEmpty(request.output);
  const random = createRandom(request.seed);
  const list: Al3FileFacts[] = [];
  let transactions = 0;
  for (let file = 0; file < request.files; file++) {
    signal.throwIfAborted();
    const facts = await makeFile(request, file, transactions, random);
    transactions += facts.transactions;
    list.push(facts);
  }
  const manifest = manifestOf(request, list);
  await writeFile(`${request.output}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function makeFile(
  request: Al3SampleRequest,
  file: number,
  firstTransaction: number,
  random: Random,
): Promise<Al3FileFacts> {
  const layout = LAYOUTS[file % LAYOUTS.length] ?? { name: 'crlf', separator: 'crlf' };
  const fault = request.faults[file % Math.max(1, request.faults.length)];
  const made = makeMessages(request, firstTransaction, random);
  const pieces = fault ? planted(made.pieces, fault, random) : made.pieces;
  const whole = Buffer.concat(pieces.map((piece) => pieceBytes(piece, layout)));
  const bytes = fault === 'cut' ? whole.subarray(0, cutAt(pieces, layout, whole)) : whole;
  const name = nameOf(file);
  const path = join(request.output, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flag: 'wx' });
  return {
    ...{ file: name, layout: layout.name, bytes: bytes.length, messages: made.messages },
    groups: pieces.filter(({ isGroup }) => isGroup).length,
    ...{ transactions: made.transactions, premium: made.premium },
    ...(fault && { fault }),
  };
}

/** Folders of a thousand files, so that folders within folders are tried too. */
const nameOf = (file: number): string =>
  `${String(Math.floor(file / FILES_A_FOLDER)).padStart(4, '0')}/policies-${String(file).padStart(6, '0')}.AL3`;

interface Made {
  readonly pieces: FilePiece[];
  readonly messages: number;
  readonly transactions: number;
  readonly premium: number;
}

/** One message, now and then two. */
function makeMessages({ transactions: most }: Al3SampleRequest, first: number, random: Random): Made {
  const pieces: FilePiece[] = [];
  const messages = random.once(4) ? 2 : 1;
  let transactions = 0;
  let premium = 0;
  for (let message = 0; message < messages; message++) {
    const groups: Buffer[] = [];
    const wanted = 1 + random.below(most);
    for (let index = 0; index < wanted; index++) {
      const transaction = sampleTransaction(first + transactions, random);
      groups.push(...transaction.groups);
      premium += transaction.premium;
      transactions++;
    }
    pieces.push(...around(groups, message + 1).map((bytes) => ({ bytes, isGroup: true })));
  }
  return { pieces, messages, transactions, premium };
}

/** Header and trailer around the groups of a message; the trailer counts groups. */
function around(groups: readonly Buffer[], sequence: number): Buffer[] {
  const header = {
    ...{ origin_address: 'IBM555AAAAAA', destination_address: 'IBM555BBBBBB', count_unit: '1' },
    ...{ message_sequence: String(sequence), standard_revision: '90', sent_at: '202601151030005' },
  };
  return [
    groupBytes({ group: '1MHG', version: '7', length: 196 }, header),
    ...groups,
    groupBytes(
      { group: '3MTG', version: '1', length: 240 },
      { total: String(groups.length + 2), more_follows: '0' },
    ),
  ];
}

const pieceBytes = ({ bytes, isGroup }: FilePiece, layout: Al3Layout): Buffer =>
  isGroup ? writeGroup({ bytes, cut: false, length: bytes.length }, layout) : bytes;

/** Inside the last data group. */
function cutAt(pieces: readonly FilePiece[], layout: Al3Layout, whole: Buffer): number {
  const behind = pieces.slice(-2).map((piece) => pieceBytes(piece, layout));
  const [last = Buffer.alloc(0)] = behind;
  return whole.length - behind.reduce((sum, { length }) => sum + length, 0) + Math.floor(last.length / 2);
}

function manifestOf(
  { output: _output, ...request }: Al3SampleRequest,
  list: readonly Al3FileFacts[],
): Al3Manifest {
  const sum = (of: (facts: Al3FileFacts) => number): number =>
    list.reduce((total, facts) => total + of(facts), 0);
  const faults: Record<string, number> = {};
  for (const { fault } of list) if (fault) faults[fault] = (faults[fault] ?? 0) + 1;
  return {
    ...{ request, files: list.length, bytes: sum(({ bytes }) => bytes) },
    transactions: sum(({ transactions }) => transactions),
    premium: sum(({ premium }) => premium),
    ...{ faults, list },
  };
}
