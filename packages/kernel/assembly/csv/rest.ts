// The column `_rest`: for each row one JSON object of what drifted, names of fields and their texts, in the order of the
// record; null where nothing did.
import { Batch, reserve, vectorOf } from '../batch';
import { setBit } from '../ndjson/convert';
import { Growable, reserve as reserveBytes } from '../parquet/growable';
import { putString } from '../text/json-string';
import { CELL_BYTES, cellAt, DRIFTED, ESCAPED } from './cells';
import { Dialect } from './dialect';
import { checkedAt, fieldAt, Fields } from './fields';
import { unescapeText } from './unescape';

const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const COMMA: u8 = 0x2c;

function putByte(out: Growable, byte: u8): void {
  store<u8>(reserveBytes(out, 1), byte);
  out.used++;
}

/** Puts the object of a row into `out`, which is empty; nothing where nothing drifted. */
function putRow(dialect: Dialect, fields: Fields, cells: usize, out: Growable, plain: Growable): void {
  for (let i: u32 = 0; i < fields.checkedCount; i++) {
    const index = checkedAt(fields, i);
    const cell = cellAt(cells, index);
    const kind = cell.tag & 7;
    if (kind < DRIFTED) continue;
    const field = fieldAt(fields, index);
    let text = <usize>cell.start;
    let length = cell.tag >> 3;
    if (kind == ESCAPED + DRIFTED) {
      plain.used = 0;
      length = unescapeText(dialect, text, length, reserveBytes(plain, length));
      text = plain.data;
    }
    putByte(out, out.used ? COMMA : OPEN_BRACE);
    memory.copy(reserveBytes(out, field.nameLength), field.name, field.nameLength);
    out.used += field.nameLength;
    putString(out, text, length);
  }
  if (out.used) putByte(out, CLOSE_BRACE);
}

/** Appends the `_rest` of `rows` rows to the batch. */
export function convertRest(
  dialect: Dialect,
  fields: Fields,
  batch: Batch,
  rows: u32,
  out: Growable,
  plain: Growable,
): void {
  const vector = vectorOf(batch, batch.columns - 1);
  for (let row: u32 = 0; row < rows; row++) {
    out.used = 0;
    putRow(dialect, fields, fields.cells + <usize>row * fields.count * CELL_BYTES, out, plain);
    if (out.used) {
      reserve(vector, out.used);
      memory.copy(vector.values + vector.used, out.data, out.used);
      vector.used += out.used;
      setBit(vector.validity, batch.rows + row);
    } else vector.nulls++;
    store<u32>(vector.offsets + ((<usize>(batch.rows + row) + 1) << 2), vector.used);
  }
}
