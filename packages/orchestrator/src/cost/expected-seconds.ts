/** What a container takes before its first byte: it is billed from the pull of the image on, a minute at least. */
export const START_SECONDS = 60;
/** Decoded bytes a second of one worker: on the safe side, see docs/benchmarks.md. */
export const BYTES_PER_SECOND = 40e6;

/** What opening an input in a bucket takes, in bytes that could be read meanwhile: two milliseconds, with others ahead. */
export const INPUT_BYTES = 128 * 1024;

/** What a container for so many decoded bytes is expected to be billed for. A worker is one thread: more vCPUs buy nothing. */
export const expectedSeconds = (decoded: number, vcpus: number): number =>
  START_SECONDS + decoded / (BYTES_PER_SECOND * Math.min(1, vcpus));
