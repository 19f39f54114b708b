import { didYouMean } from '../../spec/did-you-mean.ts';
import { headerBytes } from '../group-header.ts';
import { byColumn, type Dictionary, type Element, type GroupLayout } from './dictionary.ts';
import { ELEMENT_TYPES, isElementType, lengthOfType } from './element-type.ts';
import type { LineNote, WrittenElement } from './written-element.ts';

/** A dictionary with what a file says of it put in. */
export interface MergedDictionary {
  readonly dictionary: Dictionary;
  /** What keeps the file from being used. */
  readonly problems: readonly LineNote[];
  /** Columns that no element holds, for people: they are kept as text. */
  readonly gaps: readonly LineNote[];
}

const LAST_COLUMN = 999;

/** An element, and the line of the file that it comes from; none where the file says nothing of it. */
interface PlacedElement {
  readonly element: Element;
  readonly line: number | undefined;
}

/**
 * Puts the elements of a file into a dictionary: one whose number the group has changes, all others are new. Then every group
 * that the file names is looked through for what cannot be.
 */
export function mergeDictionary(base: Dictionary, written: readonly WrittenElement[]): MergedDictionary {
  const problems: LineNote[] = [];
  const gaps: LineNote[] = [];
  const dictionary = new Map<string, GroupLayout>(base);
  for (const [group, changes] of Map.groupBy(written, (one) => one.group)) {
    const placed: PlacedElement[] = (base.get(group)?.elements ?? []).map((element) => ({
      element,
      line: undefined,
    }));
    for (const change of changes) place(placed, change, problems);
    const name =
      changes.find(({ groupName }) => groupName)?.groupName ?? base.get(group)?.name ?? group.toLowerCase();
    const ordered = placed.sort((a, b) => a.element.start - b.element.start);
    lookThrough(group, ordered, problems, gaps);
    dictionary.set(group, { group, name, elements: byColumn(ordered.map(({ element }) => element)) });
  }
  return { dictionary, problems: problems.sort((a, b) => a.line - b.line), gaps };
}

function place(placed: PlacedElement[], change: WrittenElement, problems: LineNote[]): void {
  const { line, group, number } = change;
  const found = placed.findIndex(({ element }) => number !== undefined && element.number === number);
  const before = placed[found];
  const what = whatOf(group, change);
  if (before?.line !== undefined) {
    problems.push({ line, message: `${what} is given again, line ${before.line} has it` });
    return;
  }
  const { start, length, type } = { ...before?.element, ...withoutNothing(change) };
  if (start === undefined || length === undefined || type === undefined) {
    const missing = Object.entries({ start, length, type }).filter(([, value]) => value === undefined);
    const names = missing.map(([name]) => name).join(', ');
    const why = before ? '' : `: no element of ${group} has this number yet`;
    problems.push({ line, message: `${what} needs ${names}${why}` });
    return;
  }
  const name = change.name ?? before?.element.name ?? `element_${number ?? start}`;
  const twin = change.twin ?? before?.element.twin;
  const element: Element = {
    ...(number === undefined ? {} : { number }),
    ...{ name, start, length, type },
    ...(twin === undefined ? {} : { twin }),
  };
  if (before) placed[found] = { element, line };
  else placed.push({ element, line });
}

const withoutNothing = (change: WrittenElement): Partial<Element> =>
  Object.fromEntries(
    Object.entries({ start: change.start, length: change.length, type: change.type }).filter(
      ([, value]) => value !== undefined,
    ),
  );

function lookThrough(
  group: string,
  placed: readonly PlacedElement[],
  problems: LineNote[],
  gaps: LineNote[],
): void {
  const headerEnd = headerBytes(group.charCodeAt(0));
  let end = headerEnd;
  let before: PlacedElement | undefined;
  const names = new Set<string>();
  for (const one of placed) {
    const { element } = one;
    const line = one.line ?? before?.line;
    const tell = (message: string): void => {
      if (line !== undefined) problems.push({ line, message: `${whatOf(group, element)} ${message}` });
    };
    for (const message of typeProblems(element)) tell(message);
    if (element.start <= headerEnd) tell(`begins in the header: its columns are 1 to ${headerEnd}`);
    else if (element.start <= end && before) tell(overlapText(element, before, group));
    else if (element.start > end + 1 && line !== undefined)
      gaps.push({ line, message: `${group}: columns ${end + 1} to ${element.start - 1} are in no element` });
    if (element.start + element.length - 1 > LAST_COLUMN) tell(`ends behind column ${LAST_COLUMN}`);
    if (names.has(element.name)) tell('has the name of another element');
    names.add(element.name);
    end = Math.max(end, element.start + element.length - 1);
    before = one;
  }
  for (const { element, line } of placed)
    if (element.twin !== undefined && !names.has(element.twin) && line !== undefined)
      problems.push({
        line,
        message: `${whatOf(group, element)} has the twin ${element.twin}, which is no element`,
      });
}

function overlapText({ start, length }: Element, before: PlacedElement, group: string): string {
  const other = before.element;
  const range = `${other.start} to ${other.start + other.length - 1}`;
  return `(columns ${start} to ${start + length - 1}) overlaps ${whatOf(group, other)} (columns ${range})`;
}

function typeProblems({ type, length }: Element): string[] {
  if (!isElementType(type)) {
    const meant = didYouMean(type, ELEMENT_TYPES);
    return [
      `has the unknown type ${type}${meant === undefined ? `: known are ${ELEMENT_TYPES.join(', ')}` : `: did you mean ${meant}?`}`,
    ];
  }
  const fixed = lengthOfType(type);
  if (fixed !== undefined && fixed !== length)
    return [`has type ${type}, whose length is ${fixed}, got ${length}`];
  return type.startsWith('S') && type !== 'SN' && length < 2
    ? [`has type ${type}, whose length is 2 at least, got ${length}`]
    : [];
}

const whatOf = (group: string, { number, name }: Pick<WrittenElement, 'number' | 'name'>): string =>
  number === undefined ? `${group} ${name ?? 'element'}` : `${group} element ${number}`;
