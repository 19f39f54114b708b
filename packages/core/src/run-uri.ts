import { ConfigurationError } from './errors.ts';
import { WINNOW_FOLDER } from './run-keys.ts';

const RUN_DIRECTORY = new RegExp(`^(.*)[/\\\\]${WINNOW_FOLDER}[/\\\\](\\d{4,}-[0-9a-f]{8})[/\\\\]?$`);

/** The URI of a run directory, from the URI of the output and the run's id. */
export const runUri = (output: string, runId: string): string => `${output}/${WINNOW_FOLDER}/${runId}`;

/** The output and the run's id, from the URI of a run directory. */
export function splitRunUri(uri: string): { output: string; runId: string } {
  const match = RUN_DIRECTORY.exec(uri);
  const [, output, runId] = match ?? [];
  if (output === undefined || runId === undefined) {
    throw new ConfigurationError(
      `${uri} is no run directory: it must end in ${WINNOW_FOLDER}/<generation>-<8 hex digits>`,
      { hint: 'give <output>/_winnow/<runId>, as winnow run prints it' },
    );
  }
  return { output: output === '' ? '/' : output, runId };
}
