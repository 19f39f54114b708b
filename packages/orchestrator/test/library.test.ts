import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { plan, run } from '@winnow/orchestrator';
import { withFolder } from './winnow.ts';

const archive = async (folder: string, records: number): Promise<void> => {
  await mkdir(join(folder, 'in'));
  const text = Array.from({ length: records }, (_, i) => `{"id":${i}}\n`).join('');
  await writeFile(join(folder, 'in/a.ndjson'), text);
};

test('run tells its events in order and gives the report', () =>
  withFolder(async (cwd) => {
    await archive(cwd, 1000);
    const running = run({ source: 'in', output: 'out' }, { cwd });
    const kinds: string[] = [];
    for await (const { kind } of running.events) kinds.push(kind);
    expect(kinds.filter((kind) => kind !== 'progress')).toEqual([
      'planning',
      'planned',
      'shard-started',
      'committed',
      'shard-done',
      'attempts',
      'done',
    ]);
    expect(await running.result).toMatchObject({ kind: 'ran', report: { records: { written: 1000 } } });
    expect(await run({ source: 'in', output: 'out' }, { cwd }).result).toMatchObject({
      kind: 'nothing-to-do',
    });
  }));

test('an aborted run rejects with the reason and can be gone on with', () =>
  withFolder(async (cwd) => {
    await archive(cwd, 50_000);
    const stop = new AbortController();
    const running = run({ source: 'in', output: 'out', unitBytes: '64KiB' }, { cwd, signal: stop.signal });
    const failed = expect(running.result).rejects.toThrow('enough');
    for await (const { kind } of running.events) if (kind === 'committed') stop.abort(new Error('enough'));
    await failed;
    const again = await run({ source: 'in', output: 'out', unitBytes: '64KiB' }, { cwd }).result;
    expect(again).toMatchObject({ report: { state: 'succeeded', records: { written: 50_000 } } });
  }));

test('plan tells each input and the sums, and writes nothing', () =>
  withFolder(async (cwd) => {
    await archive(cwd, 10);
    const inputs: string[] = [];
    const summary = await plan({ source: 'in' }, { cwd, onInput: ({ input }) => void inputs.push(input) });
    expect(inputs).toEqual(['a.ndjson']);
    expect(summary).toMatchObject({
      inputs: 1,
      units: 1,
      columns: [{ name: 'id', type: 'int64' }, { name: '_rest' }],
    });
  }));

test('a wrong spec is refused at once with all of its problems', () => {
  expect(() => run({ source: '', drift: 'keep' as 'rest' })).toThrow(/source/);
});
