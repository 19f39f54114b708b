import {
  ConfigurationError,
  parseOrderedYaml,
  parseYaml,
  problemsOf,
  SpecError,
  SPEC_FIELDS,
  specSchema,
  type Spec,
} from '@winnow/core';
import type { CheckupSpec } from '../doctor/checkup-spec.ts';
import { configFileLayer } from './config-file.ts';
import { dictionaryOf } from './dictionary.ts';
import { edgeSchema, type Edge } from './edge.ts';
import { environmentLayer } from './environment.ts';
import { EDGE_FIELDS, FIELDS } from './fields.ts';
import { flagLayer } from './flags.ts';
import { jobLayer } from './job-variables.ts';
import { mergeLayers, type Layer, type Merged } from './layers.ts';
import { readFile } from './read-file.ts';

/** Where the configuration comes from, handed in by the entry point. */
export interface ConfigSources {
  /** Parsed flags by name, without dashes in front; `config` names the config file. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file whose path is relative to the working directory. */
  readonly readText: (path: string) => string;
  /** Whether variables of a job that was made for another program are read too: see {@link jobLayer}. */
  readonly jobVariables?: boolean;
  /** What stands where no other layer says anything: see `run-layer.ts`. */
  readonly base?: Layer | undefined;
}

export interface Config {
  readonly spec: Spec;
  readonly edge: Edge;
}

/**
 * One spec out of all layers: flags beat the environment beats the config file beats the defaults. Relative paths mean
 * the same in every layer: they are relative to the working directory, also in a config file, which is nothing but
 * flags written down. So a line can move from the file to the command without changing its meaning.
 *
 * @throws SpecError with every problem, each named as its layer calls the field
 */
export const loadConfig = (sources: ConfigSources): Config => parsed(merged(sources), sources);

/** The same for what only looks: its source may be left out. */
export function loadCheckup(sources: ConfigSources): { readonly spec: CheckupSpec; readonly edge: Edge } {
  const layers = merged(sources);
  if (layers.values['source'] !== undefined) return parsed(layers, sources);
  const { spec, edge } = parsed({ ...layers, values: { ...layers.values, source: '.' } }, sources);
  return { spec: { ...spec, source: undefined }, edge };
}

const merged = (sources: ConfigSources): Merged =>
  mergeLayers([
    ...(sources.base === undefined ? [] : [sources.base]),
    ...fileLayers(sources),
    ...(sources.jobVariables === true ? [jobLayer(sources.environment)] : []),
    environmentLayer(sources.environment),
    flagLayer(sources.flags),
  ]);

function parsed({ values, nameOf }: Merged, sources: ConfigSources): Config {
  const input = {
    ...values,
    ...schemaOf(values['schema'], sources, nameOf('schema')),
    ...groupsOf(values, sources),
    ...pricesOf(values['prices'], sources, nameOf('prices')),
  };
  const isEdge = ([field]: [string, unknown]): boolean => (EDGE_FIELDS as readonly string[]).includes(field);
  const entries = Object.entries(input);
  const specInput = Object.fromEntries(entries.filter((entry) => !isEdge(entry)));
  const edgeInput = Object.fromEntries(entries.filter(isEdge));
  const spec = specSchema.safeParse(specInput);
  const edge = edgeSchema.safeParse(edgeInput);
  if (spec.success && edge.success) return { spec: spec.data, edge: edge.data };
  throw new SpecError([
    ...problemsOf(spec.error?.issues ?? [], specInput, [...FIELDS], nameOf),
    ...problemsOf(edge.error?.issues ?? [], edgeInput, SPEC_FIELDS, nameOf),
  ]);
}

function fileLayers({ flags, environment, readText }: ConfigSources): Layer[] {
  const given = flags['config'] ?? environment['WINNOW_CONFIG'];
  if (given === undefined || given === '') return [];
  if (typeof given !== 'string')
    throw new ConfigurationError('--config is given more than once', { hint: 'give it once' });
  return [configFileLayer(readFile(given, 'config file', readText), given)];
}

/**
 * What a command without a spec is told, and the output its layers name. Fields of a spec are not looked at: the same
 * environment serves all commands.
 */
export function edgeOf(sources: ConfigSources): Edge & { readonly output: string | undefined } {
  const { values, nameOf } = mergeLayers([environmentLayer(sources.environment), flagLayer(sources.flags)]);
  const edgeInput = Object.fromEntries(
    EDGE_FIELDS.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]),
  );
  const edge = edgeSchema.safeParse(edgeInput);
  if (!edge.success) throw new SpecError(problemsOf(edge.error.issues, edgeInput, EDGE_FIELDS, nameOf));
  const output = values['output'];
  return { ...edge.data, output: typeof output === 'string' ? output : undefined };
}

/** Files of a dictionary become its groups. Where the inputs are no AL3, the spec refuses a dictionary that is named. */
function groupsOf(
  { inputFormat, dictionary, overrides }: Merged['values'],
  sources: ConfigSources,
): { dictionary?: unknown } {
  if (inputFormat !== 'al3') return {};
  const loaded = dictionaryOf({ dictionary, overrides }, sources);
  return loaded ? { dictionary: [...loaded.dictionary.values()] } : {};
}

/** A schema that names a file becomes the file's content; one that is written out stands for itself. */
function schemaOf(schema: unknown, { readText }: ConfigSources, name: string): { schema?: unknown } {
  if (typeof schema !== 'string') return {};
  const isWrittenOut = /^\s*\{|\n/.test(schema);
  const text = isWrittenOut ? schema : readFile(schema, `schema file (${name})`, readText);
  const what = isWrittenOut ? `the schema (${name})` : `the schema file ${schema}`;
  return { schema: parseOrderedYaml(text, what, 'write it as columns: {name: type}') };
}

/** Prices by the name of their file, as a flag and a variable give them; in a config file they may be written out. */
function pricesOf(file: unknown, { readText }: ConfigSources, name: string): { prices?: unknown } {
  if (typeof file !== 'string') return {};
  const text = readFile(file, `price file (${name})`, readText);
  return { prices: parseYaml(text, `the price file ${file}`, 'write it as docs/aws-batch.md shows') };
}
