import type { Column, ValueType } from '@winnow/kernel';
import type { Path } from './place.ts';

/** What is told beside a place, without the `#`; nothing where it is undefined. */
export type CommentOf = (path: Path) => string | undefined;

const INDENT = '  ';
/** YAML 1.2.2, section 7.4: a key on one line has at most 1,024 characters. Some are left for quotes and escapes. */
const MAX_KEY_LENGTH = 1000;

/**
 * The columns in the form that `--schema` reads: `columns:`, a name and its type a line, nested ones indented. The same
 * columns always give the same text, and reading it gives the same columns.
 */
export function schemaText(columns: readonly Column[], commentOf: CommentOf = () => undefined): string {
  if (columns.length === 0) return 'columns: {}\n';
  const lines = columns.flatMap((column) => fieldLines(column, [column.name], 1, commentOf));
  return ['columns:', ...lines, ''].join('\n');
}

function fieldLines(field: Column, path: Path, depth: number, commentOf: CommentOf): string[] {
  const key = keyText(field.name);
  const indent = INDENT.repeat(depth);
  if (key.length <= MAX_KEY_LENGTH) return typeLines(`${indent}${key}:`, field, path, depth, commentOf);
  return [`${indent}? ${key}`, ...typeLines(`${indent}:`, field, path, depth, commentOf)];
}

/** The lines of a type behind `head`, which ends in a colon. */
function typeLines(head: string, type: ValueType, path: Path, depth: number, commentOf: CommentOf): string[] {
  const comment = commentText(commentOf(path));
  const indent = INDENT.repeat(depth + 1);
  const below = [...path, '*'];
  switch (type.type) {
    case 'struct':
      return [
        `${head}${comment}`,
        `${indent}struct:`,
        ...type.fields.flatMap((field) => fieldLines(field, [...path, field.name], depth + 2, commentOf)),
      ];
    case 'list':
      return [`${head}${comment}`, ...typeLines(`${indent}list:`, type.element, below, depth + 1, commentOf)];
    case 'map':
      return [`${head}${comment}`, ...typeLines(`${indent}map:`, type.value, below, depth + 1, commentOf)];
    default:
      return [`${head} ${nameOf(type)}${comment}`];
  }
}

/** A type in one line, in the same form: `int64`, `{list: {struct: {id: int64, paid: "decimal(18,2)"}}}`. */
export function typeText(type: ValueType): string {
  switch (type.type) {
    case 'struct':
      return `{struct: {${type.fields.map((field) => `${keyText(field.name)}: ${typeText(field)}`).join(', ')}}}`;
    case 'list':
      return `{list: ${typeText(type.element)}}`;
    case 'map':
      return `{map: ${typeText(type.value)}}`;
    case 'decimal':
      // Between braces a comma ends a plain text.
      return `"${nameOf(type)}"`;
    default:
      return type.type;
  }
}

const nameOf = (type: Exclude<ValueType, { type: 'struct' | 'list' | 'map' }>): string =>
  type.type === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.type;

/** Words that YAML readers, old ones too, take for something else than text. */
const RESERVED = /^(?:true|false|null|yes|no|on|off)$/i;

/** A name as a key of YAML: plain where every reader takes it for that text, else as a JSON string. */
function keyText(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !RESERVED.test(name)) return name;
  return escaped(JSON.stringify(name));
}

/** In one line, whatever a name or a value holds. */
const commentText = (comment: string | undefined): string =>
  comment === undefined ? '' : ` # ${escaped(comment)}`;

/** What no line of text should have in it: control characters, other line ends, byte order marks. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/gu;

const escaped = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
