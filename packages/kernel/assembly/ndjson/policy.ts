// Drift policies: the order of DRIFT_POLICIES in src/column.ts.
export const REST: u32 = 0;
export const FAIL: u32 = 1;
export const DROP: u32 = 2;
