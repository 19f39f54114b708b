import { expect, test } from '@jest/globals';
import { clearability } from '../../src/commit/clearable.ts';
import { clearRun } from '../../src/commit/clearing.ts';
import { commitSubUnit } from '../../src/commit/commit-sub-unit.ts';
import { readUnits } from '../../src/commit/run-file.ts';
import { verifyRun } from '../../src/commit/verify.ts';
import { runIdOf, runKeys } from '../../src/run-keys.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { allOf } from './all-of.ts';
import { plannedRun } from './closed-run.ts';
import { plainCodec } from './plain-codec.ts';
import { keysOf, textOf } from './protocol/peek.ts';
import { SOURCE, SPEC_HASH, makeSubUnit } from './small-run.ts';
import { TOY_ENDED_AT, planCommand, runCommand } from './toy-command.ts';

const fresh = () => Promise.resolve(new MemoryStorage());
const OTHER = 'cd'.repeat(32);
const MIRROR = { layout: 'mirror' } as const;

async function gc(storage: Storage): Promise<void> {
  const runs = await allOf(clearability(storage, { codec: plainCodec, endedByMs: Date.parse(TOY_ENDED_AT) }));
  for (const { runId, state } of runs)
    if (state === 'clearable') await allOf(clearRun(storage, runId, 'now', plainCodec));
}

/** An attempt that is paused with its sub-unit in hand, and goes on when its run is finished, and perhaps cleared. */
test.each([false, true])('parts that were replaced do not come back (gc: %s)', async (cleared) => {
  const { storage, run } = await plannedRun(fresh, { a: 'one', b: 'two' });
  const [unit] = await allOf(readUnits(storage, run));
  const twin = await makeSubUnit(storage, run, unit!, 0);
  await runCommand(storage);
  await runCommand(storage, { specHash: OTHER, intention: 'replace' });
  if (cleared) await gc(storage);
  const before = await keysOf(storage, 'part-');
  await commitSubUnit(storage, runKeys(run.runId), twin).catch((e: unknown) => e);
  expect(await keysOf(storage, 'part-')).toEqual(before);
});

test.each([false, true])('an output that went back to what it was stays (gc: %s)', async (cleared) => {
  const s = await fresh();
  await s.replace(`${SOURCE}a`, Buffer.from('aaa'));
  await runCommand(s, MIRROR);
  await s.replace(`${SOURCE}a`, Buffer.from('bbbb'));
  const run = (await planCommand(s, MIRROR))!;
  const [unit] = await allOf(readUnits(s, run));
  const twin = await makeSubUnit(s, run, unit!, 0);
  await runCommand(s, MIRROR);
  await s.replace(`${SOURCE}a`, Buffer.from('aaa  '));
  await runCommand(s, MIRROR);
  if (cleared) await gc(s);
  const [key] = await keysOf(s, 'mirrored/');
  expect(await textOf(s, key!)).toBe('["aaa"]');
  await commitSubUnit(s, runKeys(run.runId), twin).catch((e: unknown) => e);
  expect(await textOf(s, key!)).toBe('["aaa"]');
  expect(await allOf(verifyRun(s, runIdOf(2, SPEC_HASH), { codec: plainCodec }))).toEqual([]);
});
