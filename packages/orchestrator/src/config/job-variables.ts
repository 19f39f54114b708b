import { configFileLayer } from './config-file.ts';
import type { Layer } from './layers.ts';

/**
 * The layer of a job's plain variables, as submitters that know nothing of Winnow set them: `INPUT_PATH` is the source,
 * `OUTPUT_PATH` the output, `JOB_PARAMS` a JSON object with the keys of a config file. `WINNOW_` variables beat them.
 */
export function jobLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const { INPUT_PATH: source, OUTPUT_PATH: output, JOB_PARAMS: parameters = '' } = environment;
  const written = configFileLayer(parameters === '' ? '{}' : parameters, 'JOB_PARAMS');
  return {
    values: { ...written.values, ...(source && { source }), ...(output && { output }) },
    nameOf: (field) => {
      if (field === 'source' && source) return 'INPUT_PATH';
      return field === 'output' && output ? 'OUTPUT_PATH' : written.nameOf(field);
    },
  };
}
