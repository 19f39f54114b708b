import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { NdjsonReaderOptions } from '../src/ndjson-reader.ts';
import { judge, type Schema } from './oracle.ts';
import type { Result } from './read-all.ts';

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

type Expected = Pick<Result, 'rows' | 'counts' | 'drift'> & {
  bad: Omit<Result['bad'][number], 'detail'>[];
};

/** What must come of one input that starts at `offset`, put together from the oracle's judgement of each line. */
export function expectedOf(
  { columns, drift, maxRecordBytes }: NdjsonReaderOptions,
  bytes: Uint8Array,
  offset = 0,
): Expected {
  const schema: Schema = {
    columns: drift === 'rest' ? columns.slice(0, -1) : columns,
    drift,
    maxRecordBytes,
  };
  const bom = offset === 0 && Buffer.from(bytes.subarray(0, 3)).toString('hex') === 'efbbbf' ? 1 : 0;
  const lines = linesOf(bytes.subarray(bom * 3));
  const expected: Expected = {
    rows: [],
    bad: [],
    counts: { ...NOTHING, bom, lines: lines.length },
    drift: [],
  };
  const counts = { ...expected.counts };
  const drifted = new Map<string, { types: Set<string>; records: number }>();
  let at = offset + bom * 3;
  lines.forEach((line, index) => {
    const judged = judge(line, schema);
    if (judged.outcome.is === 'row') expected.rows.push(judged.outcome.values);
    else if (judged.outcome.is === 'blank') counts.blank++;
    else {
      expected.bad.push({
        offset: at,
        line: index + 1,
        reason: judged.outcome.reason,
        raw: Uint8Array.from(line.subarray(0, 1024 * 1024)),
        rawLength: line.length,
        sha256: createHash('sha256').update(line).digest('hex'),
      });
    }
    const counted = new Set<string>();
    for (const { key, type } of judged.drifted) {
      const count = drifted.get(key) ?? { types: new Set(), records: 0 };
      count.types.add(type);
      if (!counted.has(key)) count.records++;
      counted.add(key);
      drifted.set(key, count);
    }
    at += line.length + 1;
  });
  counts.rows = expected.rows.length;
  counts.bad = expected.bad.length;
  counts.records = counts.rows + counts.bad;
  const drift_ = [...drifted].map(([key, { types, records }]) => ({
    key,
    types: [...types].sort(),
    records,
  }));
  drift_.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return { ...expected, counts, drift: drift_ };
}

const NOTHING = { lines: 0, records: 0, rows: 0, bad: 0, blank: 0, bom: 0 };

/**
 * The first place where a result is not what was expected; undefined where it is. (Details for people and batch borders
 * are left out. Comparing whole results in the test would take minutes to print the difference.)
 */
export function differenceOf(result: Result, expected: Expected): object | undefined {
  const { rows, counts, drift } = result;
  const bad = result.bad.map(({ detail: _, ...record }) => record);
  const got: Expected = { counts, drift, bad, rows };
  for (const list of ['bad', 'rows', 'drift'] as const) {
    const length = Math.max(got[list].length, expected[list].length);
    for (let index = 0; index < length; index++) {
      const [is, should] = [got[list][index], expected[list][index]];
      if (!isDeepStrictEqual(is, should)) return { list, index, is, should };
    }
  }
  return isDeepStrictEqual(counts, expected.counts) ? undefined : { counts, expected: expected.counts };
}
