import { closeSync, openSync, writeSync } from 'node:fs';
import type { Column } from '@winnow/kernel';

interface Dataset {
  readonly columns: readonly Column[];
  /** The `i`th record; `random` gives numbers in [0, 1) from a fixed seed. */
  readonly record: (i: number, random: () => number) => object;
}

const WORDS =
  'the of and to in is that it was for on are as with his they at be this from or one had by'.split(' ');

function words(count: number, random: () => number): string {
  const picked = Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '');
  // Word soup compresses too well: numbers in between give it the ratio of real text.
  return picked.map((word, i) => (i % 3 === 0 ? `${word}${Math.floor(random() * 1e5)}` : word)).join(' ');
}

export const DATASETS: Readonly<Record<string, Dataset>> = {
  reddit: {
    columns: [
      { name: 'id', type: 'text' },
      { name: 'author', type: 'text' },
      { name: 'subreddit', type: 'text' },
      { name: 'subreddit_id', type: 'text' },
      { name: 'body', type: 'text' },
      { name: 'score', type: 'int64' },
      { name: 'created_utc', type: 'int64' },
      { name: 'retrieved_on', type: 'int64' },
      { name: 'gilded', type: 'int64' },
      { name: 'stickied', type: 'boolean' },
      { name: 'link_id', type: 'text' },
      { name: 'parent_id', type: 'text' },
      { name: 'controversiality', type: 'int64' },
      { name: 'distinguished', type: 'text' },
      { name: 'permalink', type: 'text' },
    ],
    record: (i, random) => {
      const link = `t3_${Math.floor(random() * 1e6).toString(36)}`;
      const id = (i + 36 ** 5).toString(36);
      return {
        id,
        author: `user_${Math.floor(random() ** 3 * 1e5)}`,
        subreddit: `sub${Math.floor(random() ** 2 * 2000)}`,
        subreddit_id: `t5_${Math.floor(random() * 2000).toString(36)}`,
        body: words(20 + Math.floor(random() * 150), random),
        score: Math.floor(random() ** 8 * 1000) - 5,
        created_utc: 1_500_000_000 + i,
        retrieved_on: 1_510_000_000 + i * 2,
        gilded: random() < 0.001 ? 1 : 0,
        stickied: random() < 0.01,
        link_id: link,
        parent_id: link,
        controversiality: random() < 0.05 ? 1 : 0,
        distinguished: random() < 0.01 ? 'moderator' : null,
        permalink: `/r/sub/comments/${link}/_/${id}/`,
      };
    },
  },
  logs: {
    columns: [
      { name: 'ts', type: 'int64' },
      { name: 'level', type: 'text' },
      { name: 'service', type: 'text' },
      { name: 'status', type: 'int64' },
      { name: 'ms', type: 'double' },
      { name: 'path', type: 'text' },
      { name: 'ok', type: 'boolean' },
      { name: 'host', type: 'text' },
    ],
    record: (i, random) => ({
      ts: 1_700_000_000_000 + i * 7,
      level: random() < 0.9 ? 'info' : 'error',
      service: `svc-${Math.floor(random() * 40)}`,
      status: random() < 0.9 ? 200 : 500,
      ms: Math.round(random() * 1e5) / 100,
      path: `/api/v1/items/${Math.floor(random() * 5000)}`,
      ok: random() < 0.9,
      host: `10.0.${Math.floor(random() * 4)}.${Math.floor(random() * 200)}`,
    }),
  },
};

export function dataset(name: string): Dataset {
  const found = DATASETS[name];
  if (!found) throw new RangeError(`dataset must be one of ${Object.keys(DATASETS).join(', ')}, got ${name}`);
  return found;
}

export function writeDataset(name: string, path: string, bytes: number): void {
  const { record } = dataset(name);
  const random = mulberry32(1);
  const file = openSync(path, 'w');
  let written = 0;
  for (let i = 0; written < bytes;) {
    const lines: string[] = [];
    for (let n = 0; n < 1000; n++, i++) lines.push(`${JSON.stringify(record(i, random))}\n`);
    written += writeSync(file, lines.join(''));
  }
  closeSync(file);
}

/** A small generator with a seed (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
