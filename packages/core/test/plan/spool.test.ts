import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Spool } from '../../src/plan/spool.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'winnow-spool-'))));
afterAll(() => rm(folder, { recursive: true }));

const MIB = 1 << 20;

test.each<[string, string[]]>([
  ['nothing', []],
  ['empty lines', ['', '', '']],
  ['lines of several bytes a character', ['ü', '😀', '']],
  ['a line of the buffer, and one more', ['x'.repeat(MIB - 1), 'y', 'z']],
  ['a line longer than the buffer among short ones', ['a', 'é'.repeat(3 * MIB), 'b']],
  ['more lines than fit into the buffer', Array.from({ length: 300_000 }, (_, n) => `line ${n}`)],
])('%s come back as they were, as often as asked', async (name, lines) => {
  const spool = await Spool.create(join(folder, name));
  for (const line of lines) await spool.append(line);
  await spool.end();
  expect(spool.lines).toBe(lines.length);
  for (let time = 0; time < 2; time++) {
    const read: string[] = [];
    for await (const line of spool.read()) read.push(line.toString());
    expect(read.length).toBe(lines.length);
    expect(read.every((line, n) => line === lines[n])).toBe(true);
  }
});
