import { placeName, schemaText, type Path, type PlaceFacts, type SchemaInspection } from '@winnow/core';
import { countOf, countText } from '../report/figures.ts';

/** Keys in no column that are listed; `--json` has them all. */
const SHOWN_KEYS = 100;

/** The schema as YAML ready to edit, with what the sample has beside each place. */
export function schemaInspectionText(inspection: SchemaInspection, source: string): string {
  const { columns, places, drift } = inspection;
  const facts = new Map(places.map((one) => [one.place, one]));
  const misfits = new Map(drift.map((one) => [one.key, one]));
  const inColumns = new Set<string>();
  const commentOf = (path: Path): string | undefined => {
    const place = placeName(path);
    inColumns.add(place);
    const misfit = misfits.get(place);
    return [
      ...seenText(facts.get(place), path, inspection.records, misfit !== undefined),
      ...(misfit === undefined
        ? []
        : [`does not fit in ${countOf(misfit.records, 'record')} (${misfit.types.join(', ')})`]),
    ].join('; ');
  };
  const schema = schemaText(columns, (path) => commentOf(path) || undefined).trimEnd();
  const others = drift.filter(({ key }) => !inColumns.has(key));
  return [...headLines(inspection, source), schema, ...otherLines(others)].join('\n');
}

function headLines({ inputs, records, inferred, quarantined }: SchemaInspection, source: string): string[] {
  const sampled =
    inputs.sampled === inputs.total
      ? countOf(inputs.total, 'input')
      : `${countText(inputs.sampled)} of ${countOf(inputs.total, 'input')}`;
  const how = inferred ? 'inferred from' : 'held against';
  const bad = quarantined.map(({ reason, records: lines }) => `${countText(lines)} ${reason}`);
  return [
    comment(`The schema of ${source}, ${how} ${countOf(records, 'record')} sampled from ${sampled}.`),
    comment(
      'Edit it and give it to winnow run --schema FILE. Beside each place stands what the sample has there.',
    ),
    ...(bad.length === 0 ? [] : [comment(`A run would quarantine of the sampled lines: ${bad.join(', ')}.`)]),
  ];
}

function seenText(facts: PlaceFacts | undefined, path: Path, records: number, misfits: boolean): string[] {
  const isColumn = path.length === 1;
  if (facts === undefined) return isColumn ? [`in 0 of ${countOf(records, 'record')}`] : [];
  const { type, values, note } = facts;
  const conflict = type === 'json' && values.filter(({ kind }) => kind !== 'null').length > 1;
  const kinds = values.map(({ kind, count, example }) => {
    const counted = values.length > 1 || !isColumn ? `${countText(count)} ${kind}` : kind;
    return (conflict || misfits) && example !== undefined ? `${counted} such as ${example}` : counted;
  });
  const present = values.reduce((sum, { count }) => sum + count, 0);
  const head = isColumn ? `in ${countText(present)} of ${countOf(records, 'record')}: ` : '';
  return [head + kinds.join(', '), ...(note === undefined ? [] : [note])];
}

function otherLines(others: SchemaInspection['drift']): string[] {
  if (others.length === 0) return [];
  const lines = others
    .slice(0, SHOWN_KEYS)
    .map(
      ({ key, types, records }) =>
        `  ${JSON.stringify(key)} in ${countOf(records, 'record')}: ${types.join(', ')}`,
    );
  const more = others.length - SHOWN_KEYS;
  return [
    comment('In no column (a run keeps them in _rest):'),
    ...lines.map(comment),
    ...(more > 0 ? [comment(`  … and ${countText(more)} more: see --json`)] : []),
  ];
}

/** A name may hold line ends: what follows one would be no comment any more. */
const comment = (line: string): string => `# ${line.replace(/[\p{Cc}\u2028\u2029]/gu, '?')}`;
