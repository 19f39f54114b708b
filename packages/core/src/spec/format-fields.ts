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
