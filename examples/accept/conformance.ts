import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkRun, type Check } from './check.ts';
import { quarantineOf, rawOf } from './quarantine.ts';
import type { SourceRecord } from './reader.ts';
import { restored, withoutNulls } from './restored.ts';
import { runMirror } from './run-mirror.ts';
import { reportOfRun } from './winnow.ts';

/** Why a text that is JSON may be put aside all the same: `docs/exactness.md` has these rules. */
const RULES = ['not-an-object', 'duplicate-key', 'lone-surrogate'];

/**
 * The JSONTestSuite: `y_` are texts that every parser accepts, `n_` those that none may, `i_` those that it may treat
 * as it likes, but for changing a value. First each file as an input, then each as the value of a record's key.
 */
export async function acceptConformance(data: string, scratch: string): Promise<Check[]> {
  const folder = join(data, 'json-conformance/jsontestsuite/test_parsing');
  const names = readdirSync(folder).sort();
  return [
    ...(await asInputs(folder, names, join(scratch, 'conformance-inputs'))),
    ...(await asValues(folder, names, join(scratch, 'conformance-values'))),
    ...(await asDoubles(folder, names, join(scratch, 'conformance-doubles'))),
  ];
}

const textOf = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** What JavaScript's own parser says: `undefined` where the text is no JSON. */
function parsed(bytes: Buffer): { value: unknown } | undefined {
  const text = textOf(bytes);
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function asInputs(folder: string, names: readonly string[], output: string): Promise<Check[]> {
  const run = await runMirror(folder, output);
  const isRight = (name: string): boolean => {
    const bytes = readFileSync(join(folder, name));
    const [written, quarantined] = [run.written(name), run.quarantined(name)];
    const value = parsed(bytes)?.value;
    // Without a byte that is no white space there is nothing to tell of; so it is with an array without elements.
    if (textOf(bytes)?.trim() === '' || isDeepStrictEqual(value, []))
      return written.length + quarantined.length === 0;
    // An array that is not closed may have good elements: they are written, and the end is told of.
    if (name.startsWith('n_')) return quarantined.length > 0;
    if (isRecord(value) && written.length > 0) return isDeepStrictEqual(written, [withoutNulls(value)]);
    if (name.startsWith('i_')) return written.length + quarantined.length > 0;
    // An object over many lines is as many records: none of them is whole.
    const isOnLines = isRecord(value) && bytes.toString('latin1').trim().includes('\n');
    return quarantined.length > 0 && (isOnLines || quarantined.every(({ reason }) => RULES.includes(reason)));
  };
  return [
    checkRun('JSONTestSuite, inputs', 'balanced', true, run.report.balanced),
    ...['y_', 'n_', 'i_'].map((prefix) => {
      const wrong = names.filter((name) => name.startsWith(prefix) && !isRight(name));
      return checkRun('JSONTestSuite, inputs', `${prefix} told wrongly`, [], wrong);
    }),
  ];
}

/** `{"file":…,"v":<the text>}` a line: all but the texts that hold a line feed. */
async function asValues(folder: string, names: readonly string[], scratch: string): Promise<Check[]> {
  const lines = names.flatMap((name) => {
    const text = readFileSync(join(folder, name));
    if (text.includes(0x0a) && !text.subarray(0, -1).includes(0x0a))
      return [{ name, text: text.subarray(0, -1) }];
    return text.includes(0x0a) ? [] : [{ name, text }];
  });
  const records = lines.map(({ name, text }) =>
    Buffer.concat([Buffer.from(`{"file":"${name}","v":`), text, Buffer.from('}')]),
  );
  const { rows, bad } = await runLines(scratch, records, 'columns: {file: text, v: json}');
  const wrong = (prefix: string): string[] =>
    lines
      .filter(({ name }, index) => {
        const record = records[index] ?? Buffer.alloc(0);
        const row = rows.find(({ file }) => file === name);
        const put = bad.find((line) => rawOf(line).equals(record));
        if (!row === !put) return true;
        const source = parsed(record);
        if (row) return !source || !isDeepStrictEqual(row, source.value);
        return source !== undefined && prefix !== 'i_' && !RULES.includes(put?.reason ?? '');
      })
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix));
  const count = (prefix: string): number => lines.filter(({ name }) => name.startsWith(prefix)).length;
  return ['y_', 'n_', 'i_'].map((prefix) =>
    checkRun('JSONTestSuite, values', `${prefix} (${count(prefix)}) told wrongly`, [], wrong(prefix)),
  );
}

/** The texts that are numbers, in a column of doubles: written where a double has their value, else kept as text. */
async function asDoubles(folder: string, names: readonly string[], scratch: string): Promise<Check[]> {
  const numbers = names.flatMap((name) => {
    const text =
      textOf(readFileSync(join(folder, name)))
        ?.trim()
        .replace(/^\[\s*(.*?)\s*\]$/s, '$1') ?? '';
    return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? [text] : [];
  });
  const records = numbers.map((text) => Buffer.from(`{"v":${text}}`));
  const { rows, texts } = await runLines(scratch, records, 'columns: {v: double}');
  const kept = numbers.filter((text, index) => {
    const line = texts[index] ?? '';
    if (line === `{"v":null,"_rest":{"v":${text}}}`) return true;
    return Object.is(rows[index]?.['v'], Number(text)) && Number.isFinite(Number(text));
  });
  return [checkRun('JSONTestSuite, doubles', 'numbers kept', numbers.length, kept.length)];
}

async function runLines(scratch: string, records: readonly Buffer[], schema: string) {
  const [source, schemaFile, output] = [`${scratch}.ndjson`, `${scratch}.yaml`, `${scratch}-out`];
  writeFileSync(source, Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])));
  writeFileSync(schemaFile, schema);
  const told = ['--source', source, '--output', output, '--schema', schemaFile, '--format', 'ndjson'];
  const { report } = reportOfRun(told);
  const part = readdirSync(output).find((name) => name.endsWith('.ndjson'));
  const texts = part === undefined ? [] : readFileSync(join(output, part), 'utf8').split('\n').slice(0, -1);
  const rows = texts.map((line) => restored(JSON.parse(line) as SourceRecord));
  return { rows, texts, bad: await quarantineOf(output, report.runId) };
}
