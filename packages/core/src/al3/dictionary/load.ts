import { SpecError } from '../../spec/problems.ts';
import type { Dictionary } from './dictionary.ts';
import { mergeDictionary, type MergedDictionary } from './merge.ts';
import { readCsvDictionary } from './read-csv.ts';
import { readYamlDictionary } from './read-yaml.ts';
import { STARTER_DICTIONARY } from './starter.ts';

/** A file of a dictionary, or of what overrides one. */
export interface DictionaryFile {
  /** Tells its form: a table where it ends in `.csv`, else YAML. */
  readonly path: string;
  readonly text: string;
}

/** What a user gives. */
export interface DictionaryFiles {
  /** Its groups take the place of those of the starter dictionary. */
  readonly dictionary?: DictionaryFile | undefined;
  /** Changes elements of groups, whoever has them. */
  readonly overrides?: DictionaryFile | undefined;
}

/** A dictionary as its files make it, and the columns that are in no element, named by file and line. */
export interface LoadedDictionary {
  readonly dictionary: Dictionary;
  readonly gaps: readonly string[];
}

/**
 * The starter dictionary with what the files of a user say put in.
 *
 * @throws SpecError naming every problem by its file and line
 */
export function loadDictionary({ dictionary: own, overrides }: DictionaryFiles): LoadedDictionary {
  const groups = own && mergeFile(new Map(), own);
  const known = new Map([...STARTER_DICTIONARY, ...(groups?.dictionary ?? [])]);
  const changed = overrides && mergeFile(known, overrides);
  return {
    dictionary: changed?.dictionary ?? known,
    gaps: [
      ...(own && groups ? named(own, groups) : []),
      ...(overrides && changed ? named(overrides, changed) : []),
    ],
  };
}

const named = ({ path }: DictionaryFile, { gaps }: MergedDictionary): string[] =>
  gaps.map(({ line, message }) => `${path}:${line}: ${message}`);

function mergeFile(base: Dictionary, { path, text }: DictionaryFile): MergedDictionary {
  const written = /\.csv$/i.test(path) ? readCsvDictionary(text) : readYamlDictionary(text);
  const merged = mergeDictionary(base, written.elements);
  const problems = [...written.problems, ...merged.problems].sort((a, b) => a.line - b.line);
  if (problems.length === 0) return merged;
  throw new SpecError(problems.map(({ line, message }) => ({ message: `${path}:${line}: ${message}` })));
}
