import { diagnostic, type Diagnostic } from './diagnostic.ts';
import type { Element, GroupLayout } from './dictionary/dictionary.ts';
import { readElement, type ElementValue, type ValueFault, type ValueOptions } from './element-value.ts';
import { headerBytes } from './group-header.ts';
import { textOf, withoutBlanks } from './latin1-text.ts';
import { shownText } from './shown-text.ts';
import { offsetOfColumn, type SourceGroup } from './group.ts';

/** A value of a group under the name that its dictionary gives it. */
export interface NamedValue {
  readonly element: Element;
  readonly value: ElementValue;
}

/** What a group says, by a layout. Nothing in its bytes is left out. */
export interface GroupRecord {
  /** Values that were sent, blank ones too, by rising columns. */
  readonly values: readonly NamedValue[];
  readonly notSent: readonly Element[];
  /** What stands in columns of no element, by the first of these columns. */
  readonly rest: readonly (readonly [column: number, text: string])[];
  readonly diagnostics: readonly Diagnostic[];
}

const SHOWN_CHARACTERS = 80;

/** Reads a group by its layout. Of a short date whose twin was sent the twin alone stands. */
export function readRecord(group: SourceGroup, layout: GroupLayout, options: ValueOptions): GroupRecord {
  const text = textOf(group.bytes, 0, group.bytes.length);
  const values: NamedValue[] = [];
  const notSent: Element[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const element of layout.elements) {
    const { value, fault } = readElement(text, element, options);
    if (fault) diagnostics.push(valueDiagnostic(group, element, fault));
    if (value.kind === 'not-sent') notSent.push(element);
    else if (value.kind !== 'absent') values.push({ element, value });
  }
  return {
    values: layout.elements.some(({ twin }) => twin !== undefined)
      ? withoutTwins(group, values, diagnostics)
      : values,
    notSent,
    rest: restOf(text, layout),
    diagnostics,
  };
}

function valueDiagnostic(group: SourceGroup, element: Element, { code, rule, text }: ValueFault): Diagnostic {
  const { name, number, start } = element;
  const what = number === undefined ? name : `${name} (${number})`;
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const message = `${what}: ${rule}, got ${shownText(shown)}`;
  return diagnostic(code, offsetOfColumn(group, start), group.header.group, message);
}

/** Leaves out short dates that the same date with its century stands beside, and tells where they differ. */
function withoutTwins(
  group: SourceGroup,
  values: readonly NamedValue[],
  diagnostics: Diagnostic[],
): NamedValue[] {
  return values.filter(({ element, value }) => {
    const twin = values.find(({ element: { name } }) => name === element.twin)?.value;
    if (element.twin === undefined || twin?.kind !== 'date') return true;
    if (value.kind === 'date' && value.text.slice(2) !== twin.text.slice(2)) {
      const message = `${element.name}: ${value.text}, but ${element.twin} is ${twin.text}, which is taken`;
      const at = offsetOfColumn(group, element.start);
      diagnostics.push(diagnostic('twin-differs', at, group.header.group, message));
      return true;
    }
    return value.kind !== 'date';
  });
}

function restOf(group: string, { elements }: GroupLayout): (readonly [number, string])[] {
  const rest: (readonly [number, string])[] = [];
  let column = headerBytes(group.charCodeAt(0)) + 1;
  const pass = (end: number): void => {
    const to = Math.min(end - 1, group.length);
    if (column > to) return;
    const text = group.slice(column - 1, to);
    if (!/^[ ?\0]*$/.test(text)) rest.push([column, withoutBlanks(text)]);
  };
  for (const { start, length } of elements) {
    pass(start);
    column = Math.max(column, start + length);
  }
  pass(group.length + 1);
  return rest;
}
