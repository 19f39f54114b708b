// The column `_rest`: for each row one JSON object of what drifted, keys and values as written, in the order of the
// record; null where nothing did.
import { Batch, reserve, vectorOf } from '../batch';
import { copyBytes } from './bytes';
import { setBit } from './convert';
import { Drift, driftAt } from './drifts';
import { Reader } from './reader';
import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE } from './scan';

function storePair(to: usize, drift: Drift): usize {
  copyBytes(to, drift.key, drift.keyLength);
  to += drift.keyLength;
  store<u8>(to++, COLON);
  copyBytes(to, drift.value, drift.valueLength);
  return to + drift.valueLength;
}

/** Appends the `_rest` of `rows` rows to the batch. */
export function convertRest(reader: Reader, rows: u32): void {
  const batch = changetype<Batch>(reader.batch);
  const list = reader.drifts;
  const vector = vectorOf(batch, batch.columns - 1);
  reserve(vector, list.bytes + 2 * rows);
  let to = vector.values + vector.used;
  let next: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    if (next < list.count && driftAt(list, next).row == row) {
      let separator = OPEN_BRACE;
      while (next < list.count && driftAt(list, next).row == row) {
        store<u8>(to++, separator);
        separator = COMMA;
        to = storePair(to, driftAt(list, next++));
      }
      store<u8>(to++, CLOSE_BRACE);
      setBit(vector.validity, batch.rows + row);
    } else vector.nulls++;
    store<u32>(vector.offsets + <usize>(batch.rows + row + 1) * 4, <u32>(to - vector.values));
  }
  vector.used = <u32>(to - vector.values);
}
