const MIB = 2 ** 20;
const MIN_UNIT_BYTES = 16 * MIB;
const MAX_UNIT_BYTES = 1024 * MIB;
/** So many units are wanted of a small archive, so that it fills the cores of any one machine. */
const UNITS_OF_A_SMALL_ARCHIVE = 16;
/** From this size on units grow no more until there are many of them: receipts and parts cost requests. */
const USUAL_UNIT_BYTES = 128 * MIB;
const UNITS_OF_A_LARGE_ARCHIVE = 1024;

/**
 * Unit size in decoded bytes for an archive of so many: a power of two from 16 MiB to 1 GiB, and 128 MiB for
 * everything from 2 to 128 GiB. It follows from the archive alone, not from the machine that plans.
 */
export function chooseUnitBytes(decodedBytes: number): number {
  let size = MIN_UNIT_BYTES;
  while (size < USUAL_UNIT_BYTES && decodedBytes / size > UNITS_OF_A_SMALL_ARCHIVE) size *= 2;
  while (size < MAX_UNIT_BYTES && decodedBytes / size > UNITS_OF_A_LARGE_ARCHIVE) size *= 2;
  return size;
}
