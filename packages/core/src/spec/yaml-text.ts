import { parse } from 'yaml';
import { ConfigurationError } from '../errors.ts';

/**
 * The value of a file that people write, YAML or JSON (which is YAML).
 *
 * @param what names the file in messages: `the schema file columns.yaml`
 */
export function parseYaml(text: string, what: string, hint: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (cause) {
    const [firstLine = ''] = (cause as Error).message.split('\n');
    throw new ConfigurationError(`${what} is no YAML and no JSON (${firstLine.replace(/:$/, '')})`, {
      cause,
      hint,
    });
  }
}
