import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The Parquet files directly in a folder, in the order of their names: that is the order of the records. */
export const partsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => join(folder, name));

/** The column that keeps what fits no column, as one JSON object. */
export const REST = '_rest';
