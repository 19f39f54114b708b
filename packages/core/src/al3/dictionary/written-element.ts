/** An element as a file has it: of an override some of this, of a new element all but the name. */
export interface WrittenElement {
  /** Of the file, from 1. */
  readonly line: number;
  readonly group: string;
  readonly groupName?: string | undefined;
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  readonly start?: number | undefined;
  readonly length?: number | undefined;
  readonly type?: string | undefined;
  readonly twin?: string | undefined;
}

/** Something about a dictionary file, named by its line. */
export interface LineNote {
  readonly line: number;
  readonly message: string;
}

export interface WrittenDictionary {
  readonly elements: readonly WrittenElement[];
  readonly problems: readonly LineNote[];
}

/** What a file may call the fields of an element. */
export const FIELD_NAMES: Readonly<Record<string, Exclude<keyof WrittenElement, 'line'>>> = {
  code: 'group',
  group: 'group',
  group_name: 'groupName',
  seq_num: 'number',
  number: 'number',
  element: 'number',
  name: 'name',
  label: 'name',
  start: 'start',
  column: 'start',
  length: 'length',
  data_type: 'type',
  type: 'type',
  twin: 'twin',
};

/** Gives an element a field as it is written; returns the rule that it breaks. */
export function setField(
  element: { -readonly [Field in keyof WrittenElement]?: WrittenElement[Field] },
  name: string,
  written: string,
): string | undefined {
  const field = FIELD_NAMES[name];
  if (field === undefined) return `unknown key ${name}: known are ${Object.keys(FIELD_NAMES).join(', ')}`;
  const text = written.trim();
  if (text === '') return undefined;
  if (field === 'start' || field === 'length') {
    if (!/^\d{1,3}$/.test(text) || Number(text) === 0)
      return `${name} must be a whole number from 1 to 999, got ${text}`;
    element[field] = Number(text);
  } else if (field === 'number') element.number = text.replace(/^0+(?=.)/, '');
  else if (field === 'type') element.type = text.toUpperCase();
  else element[field] = text;
  return undefined;
}

export const isGroupName = (text: string): boolean => /^[1-9](?=\d*[A-Z])[A-Z0-9]{3}$/.test(text);
