import type { Random } from './random.ts';

/** Columns of the sample's records, as `--schema` takes them. What drifts has its usual type here. */
export const SAMPLE_COLUMNS = {
  event_id: 'int64',
  id: 'text',
  created_utc: 'int64',
  type: 'text',
  author: 'text',
  channel: 'text',
  score: 'int64',
  upvote_ratio: 'double',
  session_ms: 'double',
  edited: 'boolean',
  over_18: 'boolean',
  title: 'text',
  body: 'text',
  url: 'text',
  client: 'json',
  tags: 'json',
  geo: 'json',
} as const;

/** A record as its text, with what the manifest sums up. */
export interface SampleRecord {
  readonly text: string;
  readonly eventId: bigint;
  readonly score: number;
  /** Keys that drift in it, with the JSON type that they have. */
  readonly drift: readonly (readonly [key: string, type: string])[];
}

const WORDS = (
  'archive barley chaff data every field grain harvest index journal kernel ledger meadow node offset parquet ' +
  'query record shard threshing unit value wheat yield zone naïve café Straße Żółw Ελλάδα Москва 東京 서울 עברית 🌾 👩‍🌾'
).split(' ') as [string, ...string[]];
const TYPES = ['comment', 'submission', 'vote', 'view', 'report'] as const;
const SYSTEMS = ['Linux', 'macOS', 'Windows', 'Android', 'iOS'] as const;
const CHANNELS = ['programming', 'farming', 'dataisbeautiful', 'askscience', 'birds'] as const;
const BREAKS = ['. ', ', ', '\n\n', ' "quoted" ', ' \\ ', '\t', ' — '] as const;
const START_UTC = 1_134_365_188;
/** Beyond 2^53, so that a reader that goes through doubles is found out. */
const FIRST_EVENT = 9_007_199_254_740_993n;

function words(random: Random, count: number): string {
  let text = '';
  for (let index = 0; index < count; index++)
    text += (index === 0 ? '' : random.once(8) ? random.pick(BREAKS) : ' ') + random.pick(WORDS);
  return text;
}

/** Tenths and the like as their shortest decimal: from whole numbers, so exact everywhere. */
const decimal = (whole: number, scale: number): number => whole / scale;

function client(random: Random): object {
  return {
    os: random.pick(SYSTEMS),
    version: `${random.below(20)}.${random.below(10)}`,
    screen: [random.below(4096), random.below(2160)],
  };
}

function geo(random: Random): object | null {
  if (random.once(3)) return null;
  return {
    lat: decimal(random.below(180_000) - 90_000, 1000),
    lon: decimal(random.below(360_000) - 180_000, 1000),
  };
}

/** The record number `index` of the archive. */
export function sampleRecord(index: number, random: Random, drifts: boolean): SampleRecord {
  const eventId = FIRST_EVENT + BigInt(index) * 3n;
  const score = random.below(2000) - 200;
  const record: Record<string, unknown> = {
    id: `t${random.below(10)}_${index.toString(36).padStart(6, '0')}`,
    created_utc: START_UTC + index,
    type: random.pick(TYPES),
    author: random.once(20) ? null : `user_${random.below(5000)}`,
    channel: random.pick(CHANNELS),
    score,
    upvote_ratio: decimal(random.below(101), 100),
    session_ms: decimal(random.below(10_000_000), 8),
    edited: random.once(4),
    over_18: random.once(50),
    title: words(random, 3 + random.below(6)),
    body: words(random, random.below(60)),
    client: client(random),
    tags: Array.from({ length: random.below(4) }, () => random.pick(WORDS)),
    geo: geo(random),
  };
  if (!random.once(3)) record['url'] = `https://example.org/${random.pick(CHANNELS)}/${index}`;
  const drift = drifts && random.once(40) ? [addDrift(record, random)] : [];
  // A big integer is no JavaScript number: it is written as text, first in the record.
  return { text: `{"event_id":${eventId},${JSON.stringify(record).slice(1)}`, eventId, score, drift };
}

/** Makes one key drift: its type changes, or it is a key that no column is for. */
function addDrift(record: Record<string, unknown>, random: Random): readonly [string, string] {
  const drifts: [() => readonly [string, string], ...(() => readonly [string, string])[]] = [
    () => ((record['created_utc'] = String(record['created_utc'])), ['created_utc', 'string']),
    () => ((record['edited'] = START_UTC + random.below(1000)), ['edited', 'number']),
    () => ((record['session_ms'] = 'n/a'), ['session_ms', 'string']),
    () => ((record['over_18'] = [false]), ['over_18', 'array']),
    () => (
      (record['experiment'] = { name: random.pick(WORDS), arm: random.below(3) }),
      ['experiment', 'object']
    ),
    () => ((record['referrer'] = `https://example.org/${random.below(1000)}`), ['referrer', 'string']),
  ];
  return random.pick(drifts)();
}
