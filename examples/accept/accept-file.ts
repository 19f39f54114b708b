import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Report } from '@winnow/core';
import { aggregatesOf, sortedByKey } from './aggregates.ts';
import { checkParts, checkRun, type Check } from './check.ts';
import type { Facts } from './facts.ts';
import { JUDGES, type Format } from './judges.ts';
import { outputOf } from './output.ts';
import type { Output, Reader, SourceRecord } from './reader.ts';
import { REST, restored, withoutNulls } from './restored.ts';
import { sourceRecords, valuedKeys } from './source.ts';
import { ask } from './verdict.ts';
import { printedReport, winnow } from './winnow.ts';

/** Runs one real file through the command, to one format, and holds the output against its facts. */
export async function acceptFile(
  data: string,
  facts: Facts,
  format: Format,
  output: string,
): Promise<Check[]> {
  const file = `${facts.file} → ${format}`;
  const source = join(data, facts.file);
  const ended = winnow(['run', '--source', source, '--output', output, '--format', format, '--json']);
  const report = printedReport(ended);
  if (report === undefined)
    return [checkRun(file, 'report', 'one line of JSON', ended.stderr.trim() || 'nothing')];
  const { records, unfit } = expectedOf(facts, source);
  const checks = [
    // What is no object has to be told of; nothing else may be.
    checkRun(file, 'exit code', unfit > 0 ? 1 : 0, ended.code),
    ...checkReport(file, report, records.length, unfit),
    checkRun(file, 'verify', 0, winnow(['verify', output]).code),
  ];
  const written = outputOf(output, report.runId, format);
  return [...checks, ...(await checkRows(file, facts, records, written, JUDGES[format]))];
}

/** An array whose elements stand on lines has records that a reader of lines would reject. */
function expectedOf(facts: Facts, source: string): { records: SourceRecord[]; unfit: number } {
  if (facts.objects === 0) return { records: [], unfit: facts.lines };
  return { records: sourceRecords(source), unfit: 0 };
}

function checkReport(file: string, report: Report, written: number, unfit: number): Check[] {
  const { records, balanced, bytes, state } = report;
  const reasons = sortedByKey(report.quarantine.map(({ reason, records: count }) => [reason, count]));
  return [
    checkRun(file, 'balanced', true, balanced),
    checkRun(file, 'state', unfit > 0 ? 'partial' : 'succeeded', state),
    checkRun(file, 'records read', written + unfit, records.read),
    checkRun(file, 'records written', written, records.written),
    checkRun(file, 'quarantined by reason', unfit > 0 ? { 'not-an-object': unfit } : {}, reasons),
    checkRun(file, 'bytes refused', 0, bytes.refused),
    checkRun(file, 'bytes read', bytes.planned, bytes.read),
  ];
}

async function checkRows(
  file: string,
  facts: Facts,
  records: readonly SourceRecord[],
  output: Output,
  judges: readonly Reader[],
): Promise<Check[]> {
  const columns = output.columns.map(({ name }) => name);
  const read = new Map<string, SourceRecord[]>();
  const rows = await ask(judges, async (judge) => {
    const all = await Array.fromAsync(judge.rows(output), restored);
    read.set(judge.name, all);
    return all.length;
  });
  const checks = [checkParts(file, 'rows', records.length, rows)];
  if (records.length === 0) return checks;
  const over = (question: (found: readonly SourceRecord[]) => unknown) =>
    ask(judges, (judge) => Promise.resolve(question(read.get(judge.name) ?? [])));
  checks.push(
    checkParts(file, 'columns', columns, await ask(judges, (judge) => judge.columns(output))),
    checkParts(file, 'records altered', 0, await over((found) => countAltered(found, records))),
  );
  const keys = new Set([...columns.filter((name) => name !== REST), ...valuedKeys(records)]);
  if (facts.rejected === 0)
    checks.push(
      checkRun(
        file,
        'keys',
        true,
        [...valuedKeys(records)].length <= facts.columns && keys.size <= facts.columns,
      ),
    );
  for (const [name, expected] of Object.entries(facts.aggregates ?? {})) {
    const wanted =
      name === 'by_type' ? sortedByKey(Object.entries(expected as Record<string, number>)) : expected;
    const key = name as keyof NonNullable<Facts['aggregates']>;
    checks.push(checkParts(file, name, wanted, await over((found) => aggregatesOf(found)[key])));
  }
  return checks;
}

/** How many records are not, in this order, what they were in the source. */
export function countAltered(found: readonly SourceRecord[], source: readonly SourceRecord[]): number {
  const pairs = Array.from({ length: Math.max(found.length, source.length) }, (_, at) => [
    source[at],
    found[at],
  ]);
  return pairs.filter(([was, is]) => !isDeepStrictEqual(withoutNulls(was), withoutNulls(is))).length;
}
