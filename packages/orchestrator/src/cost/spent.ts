import {
  attempt as attemptShape,
  orderedAhead,
  readJson,
  runKeys,
  type Prices,
  type RunFile,
  type Storage,
} from '@winnow/core';
import { Bill } from './bill.ts';
import { billedSubmissions } from './submissions.ts';

/** Attempt records read at once. */
const READ_AHEAD = 64;

/** What the attempts of some submissions came to, in US dollars. Reads no record of the others. */
export async function spentBy(
  output: Storage,
  run: RunFile,
  prices: Prices,
  isAsked: (submission: number) => boolean,
): Promise<number> {
  const keys = runKeys(run.runId);
  const bill = new Bill(prices, await billedSubmissions(output, keys, isAsked));
  const records = orderedAhead(attemptsOf(output, keys.attempts, isAsked), READ_AHEAD, (key) =>
    readJson(output, key, attemptShape),
  );
  for await (const record of records) if (record !== undefined) bill.add(record);
  return bill.total();
}

/** `attempts/<shard>/<submission>-<attempt>.json` */
async function* attemptsOf(
  output: Storage,
  folder: string,
  isAsked: (submission: number) => boolean,
): AsyncGenerator<string> {
  for await (const { key } of output.list(folder)) {
    const name = key.slice(key.lastIndexOf('/') + 1);
    if (isAsked(Number.parseInt(name, 10))) yield key;
  }
}
