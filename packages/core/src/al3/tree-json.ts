import type { Diagnostic } from './diagnostic.ts';
import type { Dictionary, Element } from './dictionary/dictionary.ts';
import type { ElementValue } from './element-value.ts';
import type { GroupReference } from './group-header.ts';
import { readRecord, type GroupRecord } from './group-record.ts';
import { KEYS_OF, type JsonShape } from './json-shape.ts';
import { textOf } from './latin1-text.ts';
import type { SourceGroup, Stray } from './group.ts';
import type { PersonOrFirm } from './name-value.ts';
import type { Item, Transaction, TreeNode } from './transaction.ts';

/** How groups are told as JSON. */
export interface JsonOptions {
  readonly dictionary: Dictionary;
  /** Years of two digits below it are of the 21st century. */
  readonly pivot: number;
  /** Numbers as JSON numbers with all their decimals, or as strings. */
  readonly decimals: 'number' | 'string';
  /** The text of each element stands beside its value. */
  readonly raw: boolean;
  readonly shape: JsonShape;
}

/** Text of a piece of a document, and what is to be told about it. */
export interface JsonPiece {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A transaction as one JSON object; flat as its groups, with commas between them. Diagnostics are not in it. */
export function transactionJson(transaction: Transaction, options: JsonOptions): JsonPiece {
  const found: Diagnostic[] = [];
  const text =
    options.shape === 'flat'
      ? flatText(transaction.items, options, found)
      : treeText(transaction, options, found);
  const diagnostics = [...transaction.diagnostics, ...found].sort((a, b) => a.offset - b.offset);
  return { text, diagnostics };
}

function treeText({ root, items }: Transaction, options: JsonOptions, found: Diagnostic[]): string {
  const members = nodeMembers(root, options, found);
  const strays = items.flatMap((item) => (item.kind === 'stray' ? [item.stray] : []));
  if (strays.length > 0) members.push(`"stray":[${strays.map(strayJson).join(',')}]`);
  return `{${members.join(',')}}`;
}

const flatText = (items: readonly Item[], options: JsonOptions, found: Diagnostic[]): string =>
  items
    .map((item) =>
      item.kind === 'stray'
        ? strayJson(item.stray)
        : `{${nodeMembers({ group: item.group, extensions: [], children: [] }, options, found).join(',')}}`,
    )
    .join(',\n');

/** A group that stands alone: a header, a trailer, data outside of transactions. */
export function groupJson(group: SourceGroup, options: JsonOptions): JsonPiece {
  const diagnostics: Diagnostic[] = [];
  const text = `{${nodeMembers({ group, extensions: [], children: [] }, options, diagnostics).join(',')}}`;
  return { text, diagnostics };
}

export const strayJson = ({ offset, bytes }: Stray): string =>
  `{"offset":${offset},"length":${bytes.length},"raw":${JSON.stringify(textOf(bytes, 0, bytes.length))}}`;

function nodeMembers(node: TreeNode, options: JsonOptions, found: Diagnostic[]): string[] {
  const { group, extensions, children } = node;
  const members = headMembers(group, options);
  const groups = [group, ...extensions];
  const records = groups.map((one) => recordOf(one, options, found));
  members.push(...valueMembers(named(records, extensions), options));
  const raw = groups.filter((_, index) => !records[index]).map((one) => rawText(one));
  if (raw.length > 0) members.push(`"raw":${JSON.stringify(raw.join('\r\n'))}`);
  else if (group.cut) members.push(`"raw":${JSON.stringify(rawText(group))}`);
  if (options.raw) members.push(`"rawElements":${rawElements(groups, options)}`);
  if (extensions.length > 0)
    members.push(
      `"merged":[${extensions.map((one) => `{${headMembers(one, options).join(',')}}`).join(',')}]`,
    );
  if (children.length > 0) {
    const below = children.map((child) => `{${nodeMembers(child, options, found).join(',')}}`);
    members.push(`"children":[${below.join(',')}]`);
  }
  return members;
}

function headMembers({ header, offset, length, cut }: SourceGroup, { shape }: JsonOptions): string[] {
  const { group, version, level, iteration, parent } = header;
  const members = [`"${KEYS_OF[shape].group}":"${group}"`, `"version":${jsonOf(version)}`];
  if (level !== undefined) members.push(`"level":${jsonOf(level)}`);
  if (iteration !== undefined) members.push(`"iteration":${iteration}`);
  if (parent) members.push(`"parent":${referenceJson(parent)}`);
  members.push(`"offset":${offset}`, `"length":${length}`);
  if (cut) members.push('"cut":true');
  return members;
}

const jsonOf = (text: string | undefined): string => (text === undefined ? 'null' : JSON.stringify(text));

const referenceJson = ({ group, level, iteration }: GroupReference): string =>
  `{"group":${JSON.stringify(group)},"level":${jsonOf(level)},"iteration":${iteration ?? 'null'}}`;

function recordOf(group: SourceGroup, options: JsonOptions, found: Diagnostic[]): GroupRecord | undefined {
  const layout = options.dictionary.get(group.header.group);
  if (!layout) return undefined;
  const record = readRecord(group, layout, options);
  found.push(...record.diagnostics);
  return record;
}

/** A record, and what stands in front of names of it that a record before has too. */
interface NamedRecord {
  readonly record: GroupRecord;
  readonly prefix: string;
}

/** The records of a group and its extensions: `9BIS` makes `9bis_city` of a second city, `9bis:93` of a column. */
function named(
  records: readonly (GroupRecord | undefined)[],
  extensions: readonly SourceGroup[],
): NamedRecord[] {
  return records.flatMap((record, index) => {
    const extension = extensions[index - 1];
    return record ? [{ record, prefix: extension ? extension.header.group.toLowerCase() : '' }] : [];
  });
}

/** The elements of a group and its extensions together. */
function valueMembers(records: readonly NamedRecord[], { decimals, shape }: JsonOptions): string[] {
  // A reader of flat groups counts on it.
  if (records.length === 0) return shape === 'flat' ? ['"data":{}'] : [];
  const taken = new Set<string>();
  const isAlone = records.length === 1;
  const nameOf = (element: Element, prefix: string): string => {
    if (isAlone) return quotedName(element);
    const { name } = element;
    const free = taken.has(name) ? `${prefix}_${name}` : name;
    taken.add(free);
    return free === name ? quotedName(element) : JSON.stringify(free);
  };
  const values: string[] = [];
  const notSent: string[] = [];
  const rest: string[] = [];
  for (const { record, prefix } of records) {
    for (const { element, value } of record.values)
      values.push(`${nameOf(element, prefix)}:${valueJson(value, decimals)}`);
    for (const element of record.notSent) notSent.push(nameOf(element, prefix));
    for (const [column, text] of record.rest)
      rest.push(`"${prefix === '' ? '' : `${prefix}:`}${column}":${JSON.stringify(text)}`);
  }
  return [
    `"${KEYS_OF[shape].elements}":{${values.join(',')}}`,
    ...(notSent.length > 0 ? [`"notSent":[${notSent.join(',')}]`] : []),
    ...(rest.length > 0 ? [`"rest":{${rest.join(',')}}`] : []),
  ];
}

/** The name of an element as JSON, made once. */
function quotedName(element: Element): string {
  const known = QUOTED.get(element);
  if (known !== undefined) return known;
  const quoted = JSON.stringify(element.name);
  QUOTED.set(element, quoted);
  return quoted;
}

const QUOTED = new WeakMap<Element, string>();

function valueJson(value: ElementValue, decimals: JsonOptions['decimals']): string {
  switch (value.kind) {
    case 'text':
    case 'date':
      return JSON.stringify(value.text);
    case 'number':
      return decimals === 'number' ? value.text : `"${value.text}"`;
    case 'name':
      return nameJson(value.name);
    default:
      return 'null';
  }
}

function nameJson(name: PersonOrFirm): string {
  if (name.type === 'C') return `{"type":"C","name":${JSON.stringify(name.name)}}`;
  const parts = name.parts.map(
    ([part, text]) => `,"${part}":${text === null ? 'null' : JSON.stringify(text)}`,
  );
  return `{"type":"P"${parts.join('')}}`;
}

const rawText = ({ bytes }: SourceGroup): string => textOf(bytes, 0, bytes.length);

function rawElements(groups: readonly SourceGroup[], { dictionary }: JsonOptions): string {
  const members = groups.flatMap(({ header, bytes }) =>
    (dictionary.get(header.group)?.elements ?? [])
      .filter(({ start }) => start <= bytes.length)
      .map(({ name, start, length }) => {
        const text = textOf(bytes, start - 1, Math.min(start - 1 + length, bytes.length));
        return `${JSON.stringify(name)}:${JSON.stringify(text)}`;
      }),
  );
  return `{${members.join(',')}}`;
}
