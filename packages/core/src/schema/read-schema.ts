import type { Column } from '@winnow/kernel';
import { isJsonSchema, JsonSchemaReader } from './json-schema.ts';
import { mappingOf } from './mapping.ts';
import { SchemaReading, type SchemaProblem } from './reading.ts';
import { readFields } from './written-type.ts';

const FORM = 'columns: {name: type}';

/**
 * Reads a schema as people give it: `columns: {name: type}` or a JSON Schema, parsed into maps (which keep the order of
 * the file) or objects.
 *
 * @returns the columns, and all that is wrong: with any problem the columns are of no use
 */
export function readSchema(written: unknown): { columns: Column[]; problems: readonly SchemaProblem[] } {
  const reading = new SchemaReading();
  const columns = readWith(written, reading);
  return { columns, problems: reading.problems };
}

function readWith(written: unknown, reading: SchemaReading): Column[] {
  const file = mappingOf(written);
  if (file !== undefined && !file.has('columns') && isJsonSchema(file))
    return new JsonSchemaReader(file, reading).columns();
  if (file === undefined || file.size === 0) {
    const rule = `must be of the form ${FORM}, or a JSON Schema`;
    reading.refuse({ path: [], rule, got: { value: written } });
    return [];
  }
  const unknown = [...file.keys()].filter((key) => key !== 'columns');
  if (unknown.length > 0)
    reading.refuse({
      path: [],
      rule: `holds unknown keys (${unknown.join(', ')})`,
      hint: `write ${FORM}`,
    });
  return file.has('columns')
    ? readFields(file.get('columns'), ['columns'], reading, { top: true, depth: 1 })
    : [];
}
