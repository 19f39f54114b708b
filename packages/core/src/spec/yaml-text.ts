import { parse, type ParseOptions, type DocumentOptions, type SchemaOptions, type ToJSOptions } from 'yaml';
import { ConfigurationError } from '../errors.ts';

/**
 * The value of a file that people write, YAML or JSON (which is YAML).
 *
 * @param what names the file in messages: `the schema file columns.yaml`
 */
export const parseYaml = (text: string, what: string, hint: string): unknown =>
  parseWith(text, { what, hint, options: {} });

/**
 * The same with each mapping as a `Map` whose keys are the names as written, in the order of the file: an object puts
 * whole numbers first, and takes `1.0` for `1`.
 */
export const parseOrderedYaml = (text: string, what: string, hint: string): unknown =>
  parseWith(text, { what, hint, options: { mapAsMap: true, stringKeys: true } });

type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions & ToJSOptions;

function parseWith(
  text: string,
  { what, hint, options }: { readonly what: string; readonly hint: string; readonly options: YamlOptions },
): unknown {
  try {
    // Without warnings, which the parser would print: a tag that it does not know changes nothing here.
    return parse(text, { ...options, logLevel: 'error' }) as unknown;
  } catch (cause) {
    const [firstLine = ''] = (cause as Error).message.split('\n');
    throw new ConfigurationError(`${what} is no YAML and no JSON (${firstLine.replace(/:$/, '')})`, {
      cause,
      hint,
    });
  }
}
