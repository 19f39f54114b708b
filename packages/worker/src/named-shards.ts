import {
  ConfigurationError,
  readJson,
  shardCount,
  splitRunUri,
  StorageError,
  type Intent,
  type Storage,
} from '@winnow/core';
import { z } from 'zod';
import type { WorkerEnvironment } from './environment.ts';

const shardList = z.array(z.int().nonnegative());

/**
 * The shards that the environment names: consecutive ones, or the entry of a list object in the output.
 *
 * @throws ConfigurationError where that names none of the submission's grouping.
 */
export async function namedShards(
  environment: Pick<WorkerEnvironment, 'run' | 'shards'>,
  output: Storage,
  { grouping }: Pick<Intent, 'grouping'>,
): Promise<number[]> {
  const { shards } = environment;
  const named =
    'first' in shards
      ? Array.from({ length: shards.count }, (_, i) => shards.first + i)
      : [await listedShard(environment.run, output, shards)];
  const count = shardCount(grouping);
  const unknown = named.find((shard) => shard >= count);
  if (unknown === undefined) return named;
  throw new ConfigurationError(
    `there is no shard ${unknown}: the submission groups its units into ${count}`,
    {
      hint: 'WINNOW_SHARD_BASE, WINNOW_SHARD_LIST and the array index must be those of WINNOW_SUBMISSION',
    },
  );
}

async function listedShard(
  run: string,
  output: Storage,
  { list: uri, index }: { readonly list: string; readonly index: number },
): Promise<number> {
  const root = `${splitRunUri(run).output}/`;
  if (!uri.startsWith(root)) {
    throw new ConfigurationError(`WINNOW_SHARD_LIST ${uri} must lie below the run's output ${root}`);
  }
  const list = await readJson(output, uri.slice(root.length), shardList).catch((cause: unknown) => {
    if (!(cause instanceof StorageError) || cause.code !== 'failed') throw cause;
    throw new ConfigurationError(`WINNOW_SHARD_LIST must name a JSON list of shards: ${cause.message}`, {
      cause,
    });
  });
  if (!list) throw new ConfigurationError(`WINNOW_SHARD_LIST ${uri} is not there`);
  const shard = list[index];
  if (shard !== undefined) return shard;
  throw new ConfigurationError(
    `WINNOW_SHARD_LIST ${uri} has ${list.length} shards, there is none at index ${index}`,
  );
}
