/**
 * Raised whenever any byte of any output changes for the same input and spec (`test/golden.test.ts` watches it).
 * A worker of another engine refuses a run: its twins would write other bytes.
 */
export const ENGINE = 1;
