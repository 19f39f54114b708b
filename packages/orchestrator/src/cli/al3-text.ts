import {
  readRecord,
  shownText,
  type Al3Event,
  type Diagnostic,
  type Dictionary,
  type Element,
  type ElementValue,
  type GroupRecord,
  type SourceGroup,
  type TreeNode,
} from '@winnow/core';

const OFFSET_DIGITS = 10;
const LENGTH_DIGITS = 4;
/** Where the names of groups begin. */
const MARGIN = OFFSET_DIGITS + LENGTH_DIGITS + 4;

/** How groups are read for people. */
export interface Al3TextOptions {
  readonly dictionary: Dictionary;
  readonly pivot: number;
}

/** An input as a tree for people: a line for each group with its offset and length, then one for each of its elements. */
export class Al3Text {
  readonly #options: Al3TextOptions;
  readonly diagnostics: Diagnostic[] = [];

  constructor(options: Al3TextOptions) {
    this.#options = options;
  }

  /** The lines that an event adds. */
  lines(event: Al3Event): string[] {
    switch (event.kind) {
      case 'message':
        return [
          ...(event.header ? this.#group(event.header, 0) : [placed('', '', 0, 'no 1MHG')]),
          ...event.groups.flatMap((group) => this.#group(group, 1)),
        ];
      case 'transaction': {
        const { root, items, diagnostics } = event.transaction;
        this.diagnostics.push(...diagnostics);
        const strays = items.flatMap((item) => (item.kind === 'stray' ? [item.stray] : []));
        return [...this.#node(root, 1), ...strays.map(({ offset, bytes }) => strayLine(offset, bytes))];
      }
      case 'outside':
        return event.items.flatMap((item) =>
          item.kind === 'group'
            ? this.#group(item.group, 1)
            : [strayLine(item.stray.offset, item.stray.bytes)],
        );
      case 'trailer':
        return event.trailer ? this.#group(event.trailer, 0) : [];
      case 'diagnostic':
        this.diagnostics.push(event.diagnostic);
        return [];
      case 'long-transaction':
        return [];
    }
  }

  #node({ group, extensions, children }: TreeNode, depth: number): string[] {
    return [
      ...this.#group(group, depth),
      ...extensions.flatMap((extension) => this.#group(extension, depth)),
      ...children.flatMap((child) => this.#node(child, depth + 1)),
    ];
  }

  #group(group: SourceGroup, depth: number): string[] {
    const { header, offset, length, cut } = group;
    const layout = this.#options.dictionary.get(header.group);
    const place = [
      header.version,
      header.level,
      header.iteration,
      layout?.name ?? '(unknown)',
      cut ? '(cut)' : '',
    ];
    const head = [header.group, ...place.filter((part) => part !== undefined && part !== '')].join(' ');
    const line = placed(String(offset), String(length), depth, head);
    if (!layout) return [line, valueLine(depth, `raw: ${shownText(latin1(group.bytes))}`)];
    const record = readRecord(group, layout, this.#options);
    this.diagnostics.push(...record.diagnostics);
    return [line, ...recordLines(record).map((text) => valueLine(depth, text))];
  }
}

/** What is told of an input, a line each. */
export const diagnosticLine = ({ severity, code, offset, group, message }: Diagnostic): string =>
  `${severity} ${code} at byte ${offset}${group === '' ? '' : `, ${group}`}: ${message}`;

function recordLines({ values, notSent, rest }: GroupRecord): string[] {
  return [
    ...values
      .filter(({ value }) => value.kind !== 'blank')
      .map(({ element, value }) => `${nameOf(element)}: ${valueText(value)}`),
    ...namesLine(
      'blank',
      values.filter(({ value }) => value.kind === 'blank').map(({ element }) => element),
    ),
    ...namesLine('not sent', notSent),
    ...rest.map(([column, text]) => `columns from ${column}, in no element: ${shownText(text)}`),
  ];
}

const namesLine = (what: string, elements: readonly Element[]): string[] =>
  elements.length === 0 ? [] : [`${what}: ${elements.map(({ name }) => name).join(', ')}`];

const nameOf = ({ name, number }: Element): string => (number === undefined ? name : `${number} ${name}`);

function valueText(value: ElementValue): string {
  switch (value.kind) {
    case 'number':
    case 'date':
      return value.text;
    case 'text':
      return shownText(value.text);
    case 'name':
      return value.name.type === 'C'
        ? shownText(value.name.name)
        : value.name.parts
            .map(([part, text]) => `${part} ${text === null ? '(blank)' : shownText(text)}`)
            .join(', ');
    default:
      return `(${value.kind})`;
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const placed = (offset: string, length: string, depth: number, text: string): string =>
  `${offset.padStart(OFFSET_DIGITS)}  ${length.padStart(LENGTH_DIGITS)}  ${'  '.repeat(depth)}${text}`;

const valueLine = (depth: number, text: string): string =>
  `${' '.repeat(MARGIN + 2)}${'  '.repeat(depth)}${text}`;

const strayLine = (offset: number, bytes: Uint8Array): string =>
  placed(String(offset), String(bytes.length), 1, `(no group) ${shownText(latin1(bytes))}`);
