import { ConfigurationError, loadDictionary, type DictionaryFile, type LoadedDictionary } from '@winnow/core';
import type { ConfigSources } from './load.ts';
import { readFile } from './read-file.ts';

/** Read without being named, where it is there: as the predecessor's was. */
export const USUAL_OVERRIDES = 'config/overrides.yaml';

/** What the layers say of the AL3 dictionary. */
export interface DictionaryPaths {
  readonly dictionary: unknown;
  readonly overrides: unknown;
}

/**
 * The dictionary that the named files make, or `config/overrides.yaml` where it is there; undefined where there are none.
 *
 * @throws SpecError naming every problem by file and line
 */
export function dictionaryOf(
  { dictionary, overrides }: DictionaryPaths,
  { readText }: Pick<ConfigSources, 'readText'>,
): LoadedDictionary | undefined {
  const own = typeof dictionary === 'string' ? fileAt(dictionary, 'dictionary', readText) : undefined;
  const changes =
    typeof overrides === 'string'
      ? fileAt(overrides, 'file of overrides', readText)
      : usualOverrides(readText);
  if (!own && !changes) return undefined;
  return loadDictionary({ dictionary: own, overrides: changes });
}

const fileAt = (path: string, what: string, readText: ConfigSources['readText']): DictionaryFile => ({
  path,
  text: readFile(path, what, readText),
});

function usualOverrides(readText: ConfigSources['readText']): DictionaryFile | undefined {
  try {
    return { path: USUAL_OVERRIDES, text: readText(USUAL_OVERRIDES) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ConfigurationError(`the file of overrides ${USUAL_OVERRIDES} ${message}`, { cause });
  }
}
