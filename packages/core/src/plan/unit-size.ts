const MIB = 2 ** 20;
const MIN_UNIT_BYTES = 128 * MIB;
const MAX_UNIT_BYTES = 1024 * MIB;
/** About so many units are wanted of a large archive: enough to spread, few enough for cheap receipts. */
const WANTED_UNITS = 1024;

/** Unit size in decoded bytes for an archive of so many: a power of two from 128 MiB to 1 GiB. */
export function chooseUnitBytes(decodedBytes: number): number {
  let size = MIN_UNIT_BYTES;
  while (size < MAX_UNIT_BYTES && decodedBytes / size > WANTED_UNITS) size *= 2;
  return size;
}
