import { expect, test } from '@jest/globals';
import { diskStorage, groupShards, sumLedger } from '@winnow/core';
import type { ProcessBackend, ProcessJob } from '../../src/backend/process-backend.ts';
import { createLog } from '../../src/log.ts';
import type { RunPlace } from '../../src/run/run-place.ts';
import { workOffProcesses } from '../../src/run/work-off-processes.ts';
import { withFolder } from '../winnow.ts';
import { commitUnit, planRun } from './arrays/array-run.ts';

const CLASSES = [
  { memoryMiB: 512, firstUnit: 0, units: 2 },
  { memoryMiB: 2048, firstUnit: 2, units: 1 },
];

test('what may pass is tried again after a wait that keeps no other shard from being done', () =>
  withFolder(async (folder) => {
    const output = diskStorage(folder);
    const run = await planRun(output, CLASSES);
    const grouping = groupShards(run.plan.classes, 1);
    const happened: unknown[] = [];
    let failures = 0;
    const backend: ProcessBackend = {
      ...{ kind: 'processes', name: 'local' },
      submit: async function* ({ shards, memoryMiB }: ProcessJob) {
        happened.push([memoryMiB, ...shards]);
        for (const shard of shards) {
          const fails = shard === 0 && failures++ < 2;
          if (!fails) await commitUnit(output, shard);
          yield { kind: 'ended', shard, exitCode: fails ? 75 : 0, signal: null, message: '' };
        }
      },
    };
    let nowMs = 0;
    const place: RunPlace<ProcessBackend> = {
      ...{ run, output, grouping, backend, history: new Map() },
      ledger: await sumLedger(output, run),
      settings: { concurrency: 0, memoryMiB: 512, maxQuarantined: { records: 0 } },
      tolerate: undefined,
      now: () => new Date(nowMs),
      sleep: (ms) => {
        happened.push(`waits ${ms}`);
        nowMs += ms;
        return Promise.resolve();
      },
      random: () => 0.5,
      tell: () => undefined,
      log: createLog('error', () => undefined),
    };
    const done = await workOffProcesses(place, new AbortController().signal);
    expect(done).toMatchObject({ failed: { total: 0 }, cancelled: false });
    expect(happened).toEqual([[512, 0, 1], [2048, 2], 'waits 3750', [512, 0], 'waits 7500', [512, 0]]);
  }));
