import type { QuarantinedRecord } from '@winnow/core';
import { countOf, countText } from '../report/figures.ts';

/** So much of a record a terminal shows. */
const SHOWN_CHARACTERS = 160;

/** A line for machines, as `redrive --with` takes it once `raw` is mended. */
export function quarantineJson({ runId, line, record }: QuarantinedRecord): string {
  const { input, offset, reason, detail, raw, rawBase64, rawLength, sha256, unread } = record;
  return JSON.stringify({
    run: runId,
    input,
    line,
    offset,
    reason,
    detail,
    raw,
    rawBase64,
    rawLength,
    sha256,
    unread,
  });
}

/** Records by reason: how many, and the first of them. */
export class QuarantineGroups {
  readonly #samples: number;
  readonly #groups = new Map<string, { records: number; samples: QuarantinedRecord[] }>();

  constructor(samples: number) {
    this.#samples = samples;
  }

  add(found: QuarantinedRecord): void {
    const { reason } = found.record;
    const group = this.#groups.get(reason) ?? { records: 0, samples: [] };
    this.#groups.set(reason, group);
    group.records++;
    if (group.samples.length < this.#samples) group.samples.push(found);
  }

  /** The most frequent first. */
  text(): string {
    const groups = [...this.#groups].sort(
      ([a, { records: n }], [b, { records: m }]) => m - n || (a < b ? -1 : 1),
    );
    const total = groups.reduce((sum, [, { records }]) => sum + records, 0);
    if (total === 0) return 'nothing is in quarantine';
    return [
      `${countOf(total, 'record')} in quarantine`,
      ...groups.flatMap(([reason, { records, samples }]) => [
        '',
        `${reason}: ${countText(records)}`,
        ...samples.flatMap(sampleLines),
        ...(records > samples.length && samples.length > 0
          ? [`  … and ${countText(records - samples.length)} more`]
          : []),
      ]),
    ].join('\n');
  }
}

function sampleLines({ line, record }: QuarantinedRecord): string[] {
  const { input, offset, detail, unread } = record;
  const at =
    line === undefined ? `byte ${countText(offset)}` : `line ${countText(line)}, byte ${countText(offset)}`;
  const why = unread === undefined ? '' : `; not read again: ${unread}`;
  return [`  ${printable(input)}, ${at}: ${printable(detail)}${why}`, `    ${rawText(record)}`];
}

function rawText({ raw, rawBase64 = '', rawLength }: QuarantinedRecord['record']): string {
  const text = raw === undefined ? `base64 ${rawBase64}` : printable(raw);
  const isAll = text.length <= SHOWN_CHARACTERS;
  return isAll ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${countOf(rawLength, 'byte')})`;
}

/** Without what a terminal would obey: as JSON escapes it, and what it leaves as it is besides. */
const printable = (text: string): string =>
  JSON.stringify(text.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(
      /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
