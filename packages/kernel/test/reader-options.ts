import type { Column, DriftPolicy } from '../src/column.ts';
import type { NdjsonReaderOptions } from '../src/ndjson-reader.ts';
import { COLUMNS } from './mutations.ts';

export const POLICIES: readonly DriftPolicy[] = ['rest', 'fail', 'drop'];
/** The column that stands last under the policy `rest`. */
export const REST: Column = { name: '_rest', type: 'text' };

/** Of a reader of these columns, with `_rest` where the policy asks for it. */
export const optionsOf = (
  drift: DriftPolicy,
  columns: readonly Column[] = COLUMNS,
  maxRecordBytes = 1 << 20,
): NdjsonReaderOptions => ({
  columns: drift === 'rest' ? [...columns, REST] : columns,
  drift,
  maxRecordBytes,
});
