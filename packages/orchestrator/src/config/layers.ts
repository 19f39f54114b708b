/** One source of values: the defaults, a config file, the environment, the flags. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  /** What a field is called where this layer's author wrote it. */
  readonly nameOf: (field: string) => string;
}

export interface Merged {
  readonly values: Readonly<Record<string, unknown>>;
  readonly nameOf: (field: string) => string;
}

/** An empty text means "not given" in every layer: `WINNOW_OUTPUT= winnow …` is how scripts leave something out. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** The last layer that gives a field wins. A field that no layer gives is called as the last layer would. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const givenBy = new Map<string, Layer>();
  for (const layer of layers)
    for (const [field, value] of Object.entries(layer.values))
      if (isGiven(value)) {
        values[field] = value;
        givenBy.set(field, layer);
      }
  const nameOf = (field: string): string => (givenBy.get(field) ?? layers.at(-1))?.nameOf(field) ?? field;
  return { values: { ...values }, nameOf };
}
