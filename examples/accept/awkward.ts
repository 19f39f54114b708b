import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkRun, type Check } from './check.ts';
import { withoutNulls } from './restored.ts';
import { runMirror } from './run-mirror.ts';

/** What must come of an awkward file: records written, and reasons of those put aside, in order. */
type Expected = readonly [file: string, written: number, quarantined?: readonly string[]];

const EXPECTED: readonly Expected[] = [
  ['11152.json', 2, ['duplicate-key', 'expected-colon']],
  ['11407.json', 2],
  ['12188.ndjson', 2],
  ['arr.json', 0, ['not-an-object']],
  ['bluesky.json.gz', 10],
  ['different_schemas.ndjson', 5],
  ['duplicate_column_names.json', 1],
  ['duplicate_key.ndjson', 4, ['duplicate-key']],
  ['empty.ndjson', 0],
  ['empty_array.json', 0],
  ['empty_no_newline.json', 0],
  ['example_n.ndjson', 5],
  ['example_r.ndjson', 0, ['trailing-content']],
  ['example_rn.ndjson', 5],
  ['example_rn.ndjson.gz', 5],
  ['filter_keystage.ndjson', 3],
  ['format_string_key.json', 0, ['duplicate-key']],
  ['inconsistent_schemas.ndjson', 5],
  ['multiple_objects_per_line.ndjson', 0, ['trailing-content']],
  ['map_of_nulls.jsonl', 100],
  ['simple_map.jsonl', 100],
  ['timestamp_example.json', 1],
  ['top_level_array.json', 2],
  ['top_level_two_arrays.json', 4],
  ['trailing_content.ndjson', 2, ['trailing-content']],
  ['union.ndjson', 3],
  ['whitespace_only.json', 0],
  ['with_uuid.json', 5],
];

/** DuckDB's own test files, each mirrored: what is written is what `JSON.parse` makes of the source. */
export async function acceptAwkward(data: string, scratch: string): Promise<Check[]> {
  const folder = join(data, 'ndjson/duckdb-json');
  const run = await runMirror(folder, join(scratch, 'awkward'));
  const checks = [
    checkRun('awkward JSON', 'balanced', true, run.report.balanced),
    checkRun('awkward JSON', 'exit code', 1, run.code),
  ];
  for (const [file, written, quarantined = []] of EXPECTED) {
    const rows = run.written(file);
    checks.push(
      checkRun(file, 'records written', written, rows.length),
      checkRun(
        file,
        'quarantined',
        quarantined,
        run.quarantined(file).map(({ reason }) => reason),
      ),
    );
    const source = sourceOf(join(folder, file));
    if (source && quarantined.length === 0)
      checks.push(
        checkRun(
          file,
          'as JSON.parse reads it',
          true,
          isDeepStrictEqual(rows.map(withoutNulls), source.map(withoutNulls)),
        ),
      );
  }
  return checks;
}

/** All records of a plain file, where JavaScript's parser can read it as lines or as one document. */
function sourceOf(path: string): unknown[] | undefined {
  if (!existsSync(path) || path.endsWith('.gz')) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    return [JSON.parse(text) as unknown].flat();
  } catch {
    // Not one document.
  }
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}
