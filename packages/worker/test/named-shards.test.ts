import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigurationError, diskStorage } from '@winnow/core';
import { namedShards } from '../src/named-shards.ts';
import { withFolder, writeFiles } from './prepared-run.ts';

const intent = { grouping: [{ firstShard: 0, firstUnit: 0, units: 25, unitsPerShard: 3 }] };

test('names consecutive shards, or one of a list in the output', () =>
  withFolder(async (folder) => {
    await writeFiles(folder, { '_winnow/lists/0.json': '[8,3,0]' });
    const output = diskStorage(folder);
    const run = join(folder, '_winnow/0000-abababab');
    expect(await namedShards({ run, shards: { first: 4, count: 3 } }, output, intent)).toEqual([4, 5, 6]);
    const list = join(folder, '_winnow/lists/0.json');
    expect(await namedShards({ run, shards: { list, index: 1 } }, output, intent)).toEqual([3]);
  }));

test.each([
  [
    'a shard behind the last',
    { first: 8, count: 2 },
    'there is no shard 9: the submission groups its units into 9',
  ],
  [
    'an index behind the list',
    { list: 'list.json', index: 2 },
    'list.json has 2 shards, there is none at index 2',
  ],
  ['a listed shard behind the last', { list: 'list.json', index: 1 }, 'there is no shard 99'],
  ['a list that is not there', { list: 'none.json', index: 0 }, 'none.json is not there'],
  ['a list of something else', { list: 'words.json', index: 0 }, 'must name a JSON list of shards'],
  ['a list that is no JSON', { list: 'text', index: 0 }, 'must name a JSON list of shards'],
  ['a list elsewhere', { list: '/elsewhere/list.json', index: 0 }, "must lie below the run's output"],
])('refuses %s', (_, shards, message) =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'list.json': '[1,99]', 'words.json': '["a"]', text: 'x' });
    const named =
      'list' in shards && !shards.list.startsWith('/')
        ? { ...shards, list: join(folder, shards.list) }
        : shards;
    const naming = namedShards(
      { run: join(folder, '_winnow/0000-abababab'), shards: named },
      diskStorage(folder),
      intent,
    );
    await expect(naming).rejects.toThrow(message);
    await expect(naming).rejects.toBeInstanceOf(ConfigurationError);
  }),
);
