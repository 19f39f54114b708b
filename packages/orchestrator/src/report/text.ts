import { partPrefix, type Report } from '@winnow/core';
import { costLines } from '../cost/cost-text.ts';
import { bytesText, countOf, countText, durationText } from './figures.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** Entries of a list that a terminal shows; the report file has them all. */
const SHOWN = 10;

const INDENT = '  ';

function section(title: string, lines: readonly string[], total = lines.length): string[] {
  if (lines.length === 0) return [];
  const more = total > SHOWN ? [`… and ${countText(total - SHOWN)} more in report.json`] : [];
  return ['', title, ...[...lines.slice(0, SHOWN), ...more].map((line) => INDENT + line)];
}

/** Rows of cells in columns; numbers stand right. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padStart(width)}  ${right}`);
}

/** `1,075 read = 1,075 written + 0 filtered + 0 quarantined` */
export const recordsEquation = ({ records }: Report): string =>
  `${countText(records.read)} read = ${countText(records.written)} written + ` +
  `${countText(records.filtered)} filtered + ${countText(records.quarantined)} quarantined`;

/** `143,122 planned = 143,122 read + 0 refused` */
export const bytesEquation = ({ bytes }: Report): string =>
  `${countText(bytes.planned)} planned = ${countText(bytes.read)} read + ${countText(bytes.refused)} refused`;

function skippedText({ skipped }: Report): string {
  const kinds = [
    [skipped.blank, 'blank line'],
    [skipped.bom, 'byte order mark'],
    [skipped.header, 'header line'],
  ] as const;
  return kinds.flatMap(([count, name]) => (count > 0 ? [countOf(count, name)] : [])).join(', ');
}

/** `391 of 512 MiB` */
export const memoryText = ({ peakMiB, limitMiB }: NonNullable<Report['memory']>): string =>
  `${countText(peakMiB)} of ${countText(limitMiB)} MiB`;

const memoryLine = ({ memory }: Report): string[] =>
  memory === undefined ? [] : [`memory   ${memoryText(memory)} in the largest process`];

function sums(report: Report): string[] {
  const { bytes, units, attempts, time, inputs } = report;
  const skipped = skippedText(report);
  const rate = time.seconds > 0 ? ` (${bytesText(bytes.decoded / time.seconds)}/s decoded)` : '';
  return [
    `records  ${recordsEquation(report)}`,
    ...(skipped === '' ? [] : [`skipped  ${skipped}`]),
    `bytes    ${bytesEquation(report)}`,
    `         ${bytesText(bytes.decoded)} decoded, ${bytesText(bytes.written)} written`,
    `inputs   ${countText(inputs.done)} of ${countText(inputs.total)} done`,
    `units    ${countText(units.committed)} of ${countText(units.total)} committed`,
    ...(attempts.failed + attempts.interrupted === 0
      ? []
      : [
          `attempts ${countText(attempts.total)}: ${countText(attempts.failed)} failed, ${countText(attempts.interrupted)} interrupted`,
        ]),
    ...memoryLine(report),
    ...costLines(report.cost).map((line, index) => `${index === 0 ? 'cost    ' : '        '} ${line}`),
    `time     ${durationText(time.seconds)}${rate}`,
  ];
}

/** As one word for a shell: in double quotes where that is enough, since SQL has single ones. */
const shellWord = (text: string): string =>
  /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;

/** Where the parts are and two ways to look at them. */
function whereabouts(report: Report, output: string | undefined): string[] {
  const first = report.parts[0];
  if (first === undefined) return [];
  const extension = first.uri.slice(first.uri.lastIndexOf('.') + 1);
  // In the layout `mirror` outputs lie in the folders of their inputs: from one of them nobody can tell the output's.
  const isMirror = !(first.uri.split('/').at(-1) ?? '').startsWith(partPrefix(report.runId));
  if (isMirror && output === undefined) return [];
  const folder = output ?? first.uri.slice(0, Math.max(0, first.uri.lastIndexOf('/')));
  // Deeper down, `_winnow` has files of JSON too.
  const glob =
    isMirror && extension.endsWith('json') ? first.uri : `${folder}/${isMirror ? '**/' : ''}*.${extension}`;
  return [
    '',
    `The output is in ${folder}; all about the run is in ${folder}/_winnow/${report.runId}: report.html for reading, schema.yaml for --schema.`,
    `Look at it:  duckdb -c ${shellWord(`FROM '${glob.replaceAll("'", "''")}' LIMIT 10`)}`,
  ];
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  balanced: 'balanced',
  unfinished: 'unfinished: its command again goes on with it',
  unbalanced: 'NOT BALANCED: records or bytes are missing, see the problems',
};

/** A report for people in a terminal. `output` is how they named the folder, where that is known. */
export function reportText(report: Report, output?: string): string {
  const { inputs, quarantine, diagnostics = [], drift, parts, problems } = report;
  return [
    `Run ${report.runId}: ${report.state}, ${VERDICTS[verdictOf(report)]}`,
    ...sums(report).map((line) => INDENT + line),
    ...section('Problems', problems),
    ...section(
      'Refused inputs',
      inputs.refused.map(
        ({ input, reason, offset, bytes, detail }) =>
          `${input}: ${reason}, ${countOf(bytes, 'byte')} from ${countText(offset)} on (${detail})`,
      ),
    ),
    ...section('Quarantined', table(quarantine.map(({ reason, records }) => [countText(records), reason]))),
    ...section(
      'Told of the inputs',
      table(diagnostics.map(({ code, severity, count }) => [countText(count), `${code} (${severity})`])),
    ),
    ...section(
      'Drift',
      table(
        drift.map(({ key, types, records, policy }) => [
          countText(records),
          `${key} (${types.join(', ')}; ${policy})`,
        ]),
      ),
    ),
    ...section(
      `Parts: ${countOf(parts.length, 'file')}, ${countOf(report.records.written, 'row')}`,
      parts.map(({ uri, rows, bytes }) => `${uri}  ${countOf(rows, 'row')}, ${bytesText(bytes)}`),
    ),
    ...whereabouts(report, output),
  ].join('\n');
}
