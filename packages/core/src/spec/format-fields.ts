/** Fields that only some formats have. */
const FORMATS_OF: Readonly<Record<string, readonly string[]>> = {
  csvSafe: ['csv'],
  rowGroupRows: ['parquet'],
  rowGroupBytes: ['parquet'],
  codec: ['parquet'],
  level: ['parquet'],
  parquetProfile: ['parquet'],
};

/**
 * What a spec gives that its format has no use for. A value that is the default says nothing, and is let pass: it
 * changes neither a byte nor the spec's hash.
 */
export function fieldsOfOtherFormats(
  spec: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): { readonly field: string; readonly message: string }[] {
  const { format } = spec;
  if (typeof format !== 'string') return [];
  return Object.entries(FORMATS_OF)
    .filter(
      ([field, formats]) => !formats.includes(format) && ![undefined, defaults[field]].includes(spec[field]),
    )
    .map(([field, formats]) => ({
      field,
      message: `must be left out where the format is ${format}: only ${formats.join(', ')} has a use for it`,
    }));
}

/** Fields that only inputs of some formats have a use for. */
const INPUTS_OF: Readonly<Record<string, readonly string[]>> = {
  dictionary: ['al3'],
  strict: ['al3'],
  decimals: ['al3'],
  raw: ['al3'],
  centuryPivot: ['al3'],
  jsonShape: ['al3'],
  recordsPath: ['json'],
  schema: ['json'],
  drift: ['json'],
};

/** Formats that inputs can become in this release, where these are not all. */
const OUTPUTS_OF: Readonly<Record<string, readonly string[]>> = { al3: ['json', 'ndjson'] };

/** The same of the format of its inputs, and a format of the output that they cannot become. */
export function fieldsOfOtherInputs(
  spec: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): { readonly field: string; readonly message: string }[] {
  const { inputFormat, format } = spec;
  if (typeof inputFormat !== 'string' || typeof format !== 'string') return [];
  const outputs = OUTPUTS_OF[inputFormat] ?? [format];
  const wrong = {
    field: 'format',
    message: `must be ${outputs.join(' or ')} where the inputs are ${inputFormat}`,
  };
  const useless = Object.entries(INPUTS_OF)
    .filter(
      ([field, inputs]) =>
        !inputs.includes(inputFormat) && ![undefined, defaults[field]].includes(spec[field]),
    )
    .map(([field, inputs]) => ({
      field,
      message: `must be left out where the inputs are ${inputFormat}: only ${inputs.join(', ')} has a use for it`,
    }));
  return outputs.includes(format) ? useless : [wrong, ...useless];
}
