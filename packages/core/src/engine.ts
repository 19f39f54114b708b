/**
 * Raised whenever any byte of any output changes for the same input and spec ({@link GOLDEN_SHA256} and `test/golden.test.ts` watch it).
 * A worker of another engine refuses a run: its twins would write other bytes.
 */
export const ENGINE = 1;

/** Of the golden bytes (`golden.ts`) that engine {@link ENGINE} makes with zstd 1.5.7: whoever makes others writes nothing. */
export const GOLDEN_SHA256 = 'ae0e7d65f38af1da1b7d0d57540ee4ca233a299217571b93e75d57ce5680c9f4';
