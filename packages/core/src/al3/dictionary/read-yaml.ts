import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import {
  isGroupName,
  setField,
  type LineNote,
  type WrittenDictionary,
  type WrittenElement,
} from './written-element.ts';

/** Keys that a group may have. */
const GROUP_KEYS = ['code', 'group', 'name', 'elements'];

/**
 * Reads a dictionary, or what overrides one, in the form
 *
 * ```yaml
 * schema: # may be left out
 *   groups:
 *     - code: 6TTI
 *       elements:
 *         - seq_num: 6
 *           data_type: SN
 *           length: 8
 * ```
 */
export function readYamlDictionary(text: string): WrittenDictionary {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const problems: LineNote[] = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    message: message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'no YAML',
  }));
  if (problems.length > 0) return { elements: [], problems };
  const reading: Reading = {
    elements: [],
    problems,
    lineOf: (node) => lines.linePos(node?.range?.[0] ?? 0).line,
  };
  const root = document.contents;
  const schema = isMap(root) ? (root.get('schema', true) ?? root) : root;
  const groups = isMap(schema) ? schema.get('groups', true) : undefined;
  if (isSeq(groups)) for (const group of groups.items) readGroup(group as Node, reading);
  else reading.problems.push({ line: reading.lineOf(root), message: 'groups, a list, is missing' });
  return reading;
}

interface Reading {
  readonly elements: WrittenElement[];
  readonly problems: LineNote[];
  readonly lineOf: (node: Node | null | undefined) => number;
}

function readGroup(node: Node, reading: Reading): void {
  const line = reading.lineOf(node);
  if (!isMap(node)) {
    reading.problems.push({ line, message: 'a group must have a code and elements' });
    return;
  }
  for (const key of keysOf(node).filter((one) => !GROUP_KEYS.includes(one)))
    reading.problems.push({
      line,
      message: `unknown key ${key} of a group: known are ${GROUP_KEYS.join(', ')}`,
    });
  const group = textOf(node, 'code') ?? textOf(node, 'group') ?? '';
  if (!isGroupName(group)) {
    reading.problems.push({
      line,
      message: `code must be a digit and three capital letters or digits, got ${group || 'nothing'}`,
    });
    return;
  }
  const elements = node.get('elements', true);
  if (!isSeq(elements)) {
    reading.problems.push({ line, message: `${group}: elements, a list, is missing` });
    return;
  }
  const groupName = textOf(node, 'name');
  for (const element of elements.items) readElement(element as Node, { group, groupName }, reading);
}

function readElement(
  node: Node,
  group: Pick<WrittenElement, 'group' | 'groupName'>,
  { elements, problems, lineOf }: Reading,
): void {
  const element = { line: lineOf(node), ...group };
  if (!isMap(node)) {
    problems.push({ line: element.line, message: `${group.group}: an element must have keys` });
    return;
  }
  for (const key of keysOf(node)) {
    const rule = setField(element, key, textOf(node, key) ?? '');
    if (rule !== undefined) problems.push({ line: lineOf(node.get(key, true)), message: rule });
  }
  elements.push(element);
}

const keysOf = (map: YAMLMap): string[] =>
  map.items.map(({ key }) => (isScalar(key) ? String(key.source ?? key.value) : String(key)));

/** A value as it is written: `007` stays what it is. */
function textOf(map: YAMLMap, key: string): string | undefined {
  const value: unknown = map.get(key, true);
  if (!isScalar(value) || value.value === null) return undefined;
  const { source, value: inner } = value;
  return source ?? (typeof inner === 'string' ? inner : JSON.stringify(inner));
}
