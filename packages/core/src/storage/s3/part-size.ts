const MIB = 1 << 20;

/** Of the first parts: what an object holds in memory, twice. S3 asks for 5 MiB at least, but for the last. */
const FIRST_PART_BYTES = 8 * MIB;
/** So many parts of a size, then parts of twice the size. */
const PARTS_OF_A_SIZE = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PARTS = 10_000;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PART_BYTES = 5 * 1024 * MIB;

/**
 * How large the part after so many is. How much will come is not known: with parts of one size an object would end at
 * 80 GB, so they grow, and 10,000 of them hold more than the 5 TB (now 50) that an object may have.
 */
export const partBytes = (before: number): number =>
  FIRST_PART_BYTES * 2 ** Math.min(9, Math.floor(before / PARTS_OF_A_SIZE));
