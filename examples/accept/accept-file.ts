import { join } from 'node:path';
import type { Report } from '@winnow/core';
import { checkAggregates } from './aggregates.ts';
import { checkParts, checkRun, type Check } from './check.ts';
import type { Facts } from './facts.ts';
import { openJudge } from './judge.ts';
import { REST } from './parts.ts';
import { countAltered, sourceKeys, sourceRecords } from './source.ts';
import { printedReport, winnow } from './winnow.ts';

/** Runs one real file through the command and holds the output against its facts. */
export async function acceptFile(folder: string, facts: Facts, output: string): Promise<Check[]> {
  const { file, rejected, lines } = facts;
  const source = join(folder, file);
  const ended = winnow(['run', '--source', source, '--output', output, '--json']);
  // Every line that is no object has to be told of; nothing else may be.
  const unfit = lines - facts.objects;
  const expectedCode = unfit > 0 ? 1 : 0;
  const checks = [checkRun(file, 'exit code', expectedCode, ended.code)];
  const report = printedReport(ended);
  if (report === undefined)
    return [...checks, checkRun(file, 'report', 'one line of JSON', ended.stderr.trim() || 'nothing')];
  checks.push(...checkReport(facts, report, unfit));
  checks.push(checkRun(file, 'verify', 0, winnow(['verify', output]).code));
  const judge = await openJudge(output);
  try {
    checks.push(checkParts(file, 'rows', facts.objects, await judge.ask((reader) => reader.rows())));
    checks.push(...(await checkAggregates(facts, judge)));
    if (rejected > 0 || facts.objects === 0) return checks;
    const records = sourceRecords(source);
    const { onlyNull } = sourceKeys(records);
    const keys = await judge.ask(async (reader) => {
      const found = [...(await reader.columns()), ...(await reader.restKeys()), ...onlyNull];
      return new Set(found.filter((key) => key !== REST)).size;
    });
    checks.push(checkParts(file, 'keys', facts.columns, keys));
    const altered = await judge.ask((reader) => countAltered(reader, records));
    checks.push(checkParts(file, 'records altered', 0, altered));
  } finally {
    judge.close();
  }
  return checks;
}

function checkReport({ file, objects, lines }: Facts, report: Report, unfit: number): Check[] {
  const { records, balanced, bytes, state } = report;
  const reasons = report.quarantine.map(({ reason }) => reason).sort();
  return [
    checkRun(file, 'balanced', true, balanced),
    checkRun(file, 'state', unfit > 0 ? 'partial' : 'succeeded', state),
    checkRun(file, 'records read', lines, records.read + report.skipped.blank),
    checkRun(file, 'records written', objects, records.written),
    checkRun(file, 'records quarantined', unfit, records.quarantined),
    checkRun(
      file,
      'quarantined by reason',
      unfit,
      report.quarantine.reduce((sum, reason) => sum + reason.records, 0),
    ),
    // Lines that are JSON but no objects have one reason only.
    ...(objects === 0 ? [checkRun(file, 'reason', ['not-an-object'], reasons)] : []),
    checkRun(file, 'bytes refused', 0, bytes.refused),
    checkRun(file, 'bytes read', bytes.planned, bytes.read),
  ];
}
