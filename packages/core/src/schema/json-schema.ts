import type { Column, ValueType } from '@winnow/kernel';
import { canonicalType } from './canonical-type.ts';
import { entriesOf, mappingOf } from './mapping.ts';
import type { SchemaReading } from './reading.ts';
import { checkName } from './written-type.ts';

/** No schema of at most 32 levels comes near it. */
const MAX_REFS = 1000;

type Keywords = ReadonlyMap<string, unknown>;

interface Target {
  readonly schema: Keywords;
  readonly path: readonly string[];
}

/** Where a schema stands: in the file, behind which references, and how deep its type is nested. */
interface At {
  readonly path: readonly string[];
  readonly refs: readonly string[];
  readonly depth: number;
}

/** Whether a schema file that has no `columns` is a JSON Schema. */
export const isJsonSchema = (file: Keywords): boolean =>
  file.has('$schema') || file.has('$ref') || file.has('properties');

/**
 * Reads the columns of a JSON Schema, of any draft: one of an object with properties. What decides a type is `type`,
 * `format`, `properties`, `additionalProperties`, `items`, `anyOf`, `oneOf`, `$ref` and an `allOf` of one; all other
 * keywords only say which values are good, which is not asked here.
 *
 * | schema                                           | column type                                    |
 * |--------------------------------------------------|------------------------------------------------|
 * | `string`                                         | text; `date` and `timestamp` by their `format` |
 * | `integer`, `number`, `boolean`                   | int64, double, boolean                         |
 * | `object` with `properties`                       | struct                                         |
 * | `object` with a schema as `additionalProperties` | map                                            |
 * | `array` with one schema as `items`               | list                                           |
 * | one of these or null                             | that one: every value may be null              |
 * | anything else, or what holds itself              | json                                           |
 */
export class JsonSchemaReader {
  readonly #file: Keywords;
  readonly #reading: SchemaReading;
  /** What references that were followed lead to. */
  readonly #targets = new Map<string, Target>();

  constructor(file: Keywords, reading: SchemaReading) {
    this.#file = file;
    this.#reading = reading;
  }

  columns(): Column[] {
    const { schema, path, refs } = this.#resolve(this.#file, [], []);
    const properties = schema?.get('properties');
    if (schema === undefined || (entriesOf(properties)?.length ?? 0) === 0) {
      const rule = 'must be a JSON Schema of an object with properties, or of the form columns: {name: type}';
      if (this.#reading.problems.length === 0) this.#reading.refuse({ path, rule });
      return [];
    }
    return this.#fields(properties, [...path, 'properties'], refs, 0);
  }

  #fields(properties: unknown, path: readonly string[], refs: readonly string[], depth: number): Column[] {
    return (entriesOf(properties) ?? []).map(([name, inner]) => {
      checkName(name, path, this.#reading, depth === 0);
      return { name, ...this.#type(inner, [...path, name], refs, depth + 1) };
    });
  }

  /** @param refs the references that led here: one of them again is a schema that holds itself. */
  #type(written: unknown, path: readonly string[], refs: readonly string[], depth: number): ValueType {
    if (!this.#reading.admits(path, depth)) return { type: 'json' };
    if (typeof written === 'boolean') return { type: 'json' };
    const given = mappingOf(written);
    if (given === undefined)
      return this.#reading.refuse({ path, rule: 'must be a JSON Schema', got: { value: written } });
    const found = this.#resolve(given, path, refs);
    if (found.schema === undefined) return { type: 'json' };
    const { schema } = found;
    const types = typesOf(schema);
    const [type] = types;
    // Beside a type, alternatives only say which of its values are good.
    const alternatives = schema.get('anyOf') ?? schema.get('oneOf');
    if (type === undefined && Array.isArray(alternatives))
      return this.#oneOf(alternatives, { ...found, depth });
    return types.length === 1 && type !== undefined
      ? this.#typeNamed(type, schema, { ...found, depth })
      : { type: 'json' };
  }

  #typeNamed(type: string, schema: Keywords, at: At): ValueType {
    const { path, refs, depth } = at;
    switch (type) {
      case 'string':
        return { type: textType(schema.get('format')) };
      case 'integer':
        return { type: 'int64' };
      case 'number':
        return { type: 'double' };
      case 'boolean':
        return { type: 'boolean' };
      case 'array': {
        const items = schema.get('items');
        if (schema.has('prefixItems') || mappingOf(items) === undefined) return { type: 'json' };
        return { type: 'list', element: this.#type(items, [...path, 'items'], refs, depth + 1) };
      }
      case 'object':
        return this.#objectType(schema, at);
      default:
        return { type: 'json' };
    }
  }

  #objectType(schema: Keywords, { path, refs, depth }: At): ValueType {
    const properties = schema.get('properties');
    if ((entriesOf(properties)?.length ?? 0) > 0)
      return { type: 'struct', fields: this.#fields(properties, [...path, 'properties'], refs, depth) };
    const others = schema.get('additionalProperties');
    if (mappingOf(others) === undefined) return { type: 'json' };
    return {
      type: 'map',
      value: this.#type(others, [...path, 'additionalProperties'], refs, depth + 1),
    };
  }

  /** The one type of all alternatives, null left aside. */
  #oneOf(alternatives: readonly unknown[], { path, refs, depth }: At): ValueType {
    const types = alternatives
      .filter((one) => !isNull(mappingOf(one)))
      .map((one) => this.#type(one, path, refs, depth));
    const [first = { type: 'json' }, ...others] = types;
    const text = JSON.stringify(canonicalType(first));
    const same = others.every((other) => JSON.stringify(canonicalType(other)) === text);
    return same ? first : { type: 'json' };
  }

  /** Follows references and an `allOf` of one. No schema where it holds itself, or a reference leads nowhere. */
  #resolve(
    schema: Keywords,
    path: readonly string[],
    refs: readonly string[],
  ): {
    readonly schema: Keywords | undefined;
    readonly path: readonly string[];
    readonly refs: readonly string[];
  } {
    const ref = schema.get('$ref');
    if (typeof ref === 'string') {
      if (ref === '#' || refs.includes(ref)) return { schema: undefined, path, refs };
      const target = this.#target(ref);
      if (target !== undefined) return this.#resolve(target.schema, target.path, [...refs, ref]);
      const rule = 'must be a reference within the file, such as #/$defs/name';
      this.#reading.refuse({ path: [...path, '$ref'], rule, got: { value: ref } });
      return { schema: undefined, path, refs };
    }
    const all = schema.get('allOf');
    const only = Array.isArray(all) && all.length === 1 ? mappingOf(all[0]) : undefined;
    if (only === undefined || schema.has('type') || schema.has('properties')) return { schema, path, refs };
    // With anchors, YAML can write an `allOf` that holds itself.
    if (refs.length > MAX_REFS) return { schema: undefined, path, refs };
    return this.#resolve(only, path, [...refs, 'allOf']);
  }

  #target(ref: string): Target | undefined {
    let target = this.#targets.get(ref);
    if (target === undefined && ref.startsWith('#/')) {
      const path = ref.slice(2).split('/').map(pointerStep);
      let found: unknown = this.#file;
      for (const step of path) found = mappingOf(found)?.get(step);
      const schema = mappingOf(found);
      if (schema !== undefined) this.#targets.set(ref, (target = { schema, path }));
    }
    return target;
  }
}

/** RFC 6901, sections 4 and 6. */
function pointerStep(written: string): string {
  return decoded(written).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A step that is no percent-encoding is taken as it stands. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** The types that `type` allows, without null; where there is none, what the other keywords are about. */
function typesOf(schema: Keywords): string[] {
  const written = schema.get('type');
  const named = (Array.isArray(written) ? written : [written]).filter((name) => typeof name === 'string');
  const types = [...new Set(named)].filter((name) => name !== 'null');
  // Every integer is a number.
  if (types.includes('number')) return types.filter((name) => name !== 'integer');
  if (named.length > 0) return types;
  if (schema.has('properties')) return ['object'];
  if (schema.has('items')) return ['array'];
  const values = schema.has('const') ? [schema.get('const')] : schema.get('enum');
  const isText = Array.isArray(values) && values.some((value) => typeof value === 'string');
  return isText && values.every((value) => typeof value === 'string' || value === null) ? ['string'] : [];
}

const isNull = (schema: Keywords | undefined): boolean =>
  schema?.get('type') === 'null' || (schema?.has('const') === true && schema.get('const') === null);

function textType(format: unknown): 'text' | 'date' | 'timestamp' {
  if (format === 'date') return 'date';
  return format === 'date-time' ? 'timestamp' : 'text';
}
