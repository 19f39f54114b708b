import { ConfigurationError, splitRunUri, type Storage } from '@winnow/core';
import { z } from 'zod';
import type { WorkerEnvironment } from './environment.ts';

const shardList = z.array(z.int().nonnegative());

/** The shards that the environment names: consecutive ones, or the entry of a list object in the output. */
export async function namedShards(environment: WorkerEnvironment, output: Storage): Promise<number[]> {
  const { shards } = environment;
  if ('first' in shards) return Array.from({ length: shards.count }, (_, i) => shards.first + i);
  const root = `${splitRunUri(environment.run).output}/`;
  if (!shards.list.startsWith(root)) {
    throw new ConfigurationError(`WINNOW_SHARD_LIST ${shards.list} is not below the run's output ${root}`);
  }
  const chunks = await Array.fromAsync(output.read(shards.list.slice(root.length)));
  const list = shardList.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  const shard = list[shards.index];
  if (shard === undefined) {
    throw new ConfigurationError(
      `WINNOW_SHARD_LIST has ${list.length} shards, there is none at index ${shards.index}`,
    );
  }
  return [shard];
}
