import type { Report } from '@winnow/core';
import { bytesText, countOf, countText, durationText } from './figures.ts';
import { costLines } from '../cost/cost-text.ts';
import { usdText } from '../cost/usd.ts';
import { STYLE } from './style.ts';
import { bytesEquation, memoryText, recordsEquation } from './text.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** A cell: text, or a number that stands right. */
type Cell = string | number;

const cell = (value: Cell): string =>
  typeof value === 'number' ? `<td class="n">${countText(value)}</td>` : `<td>${escaped(value)}</td>`;

function table(title: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((name, index) => {
    const right = typeof rows[0]?.[index] === 'number' ? ' class="n"' : '';
    return `<th${right}>${escaped(name)}</th>`;
  });
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  return `<section><h2>${escaped(title)}</h2><div class="wide"><table><thead><tr>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table></div></section>`;
}

const figure = (value: string, name: string): string =>
  `<div class="figure"><b>${escaped(value)}</b><span>${escaped(name)}</span></div>`;

function figures(report: Report): string {
  const { records, bytes, time, inputs, units, memory } = report;
  return `<div class="figures">${[
    figure(countText(records.written), 'rows written'),
    figure(countText(records.quarantined), 'records quarantined'),
    figure(countText(inputs.refused.length), 'inputs refused'),
    figure(`${countText(inputs.done)} / ${countText(inputs.total)}`, 'inputs done'),
    figure(`${countText(units.committed)} / ${countText(units.total)}`, 'units committed'),
    figure(bytesText(bytes.written), 'written'),
    ...(memory === undefined ? [] : [figure(memoryText(memory), 'in the largest process')]),
    figure(durationText(time.seconds), 'taken'),
  ].join('')}</div>`;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  balanced: 'Every record and byte is accounted for.',
  unfinished: 'The run is not finished: its command again goes on with it.',
  unbalanced: 'The run does not balance.',
};

function balance(report: Report): string {
  return `<section class="${report.balanced ? 'good' : 'bad'}"><h2>Balance</h2><p>${VERDICTS[verdictOf(report)]}</p>
<p class="sum">records: ${escaped(recordsEquation(report))}</p>
<p class="sum">bytes: ${escaped(bytesEquation(report))}</p></section>`;
}

function cost(report: Report): string {
  const lines = costLines(report.cost);
  if (lines.length === 0) return '';
  const { items, shards = [] } = report.cost;
  return [
    `<section><h2>Cost</h2>${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}</section>`,
    table(
      'Cost by what was used',
      ['what', 'how much', 'unit', 'US dollars'],
      items.map(({ name, quantity, unit, usd }) => [
        name,
        String(quantity),
        unit,
        usd === null ? 'not known' : usdText(usd),
      ]),
    ),
    table(
      'Cost by shard',
      ['shard', 'attempts', 'US dollars'],
      shards.map(({ shard, attempts, usd }) => [shard, attempts, usdText(usd)]),
    ),
  ].join('\n');
}

function problems({ problems: lines }: Report): string {
  if (lines.length === 0) return '';
  return `<section class="bad"><h2>Problems</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></section>`;
}

/** A report as one page that needs nothing else: no scripts, no fonts, no network. */
export function reportPage(report: Report): string {
  const { runId, state, time, skipped, inputs, quarantine, diagnostics = [], drift, parts } = report;
  const skippedRows: Cell[][] = Object.entries(skipped).filter(([, count]) => count > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Winnow run ${escaped(runId)}: ${escaped(state)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>Run ${escaped(runId)} <span class="state ${escaped(state)}">${escaped(state)}</span></h1>
<p>${escaped(time.startedAt)} to ${escaped(time.endedAt)}</p></header>
${figures(report)}
${problems(report)}
${balance(report)}
${cost(report)}
${table(
  'Refused inputs',
  ['input', 'reason', 'from byte', 'bytes', 'detail'],
  inputs.refused.map(({ input, reason, offset, bytes, detail }) => [input, reason, offset, bytes, detail]),
)}
${table(
  'Quarantined',
  ['reason', 'records'],
  quarantine.map(({ reason, records }) => [reason, records]),
)}
${table(
  'Told of the inputs',
  ['what', 'severity', 'times'],
  diagnostics.map(({ code, severity, count }) => [code, severity, count]),
)}
${table(
  'Drift',
  ['key', 'types', 'records', 'policy'],
  drift.map(({ key, types, records, policy }) => [key, types.join(', '), records, policy]),
)}
${table('Skipped', ['what', 'lines'], skippedRows)}
${table(
  `Parts: ${countOf(parts.length, 'file')}`,
  ['file', 'unit', 'sub-unit', 'rows', 'bytes', 'SHA-256'],
  parts.map(({ uri, unit, sub, rows, bytes, sha256 }) => [uri, unit, sub, rows, bytes, sha256]),
)}
</main>
</body>
</html>
`;
}
