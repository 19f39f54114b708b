export let fitLow: u64 = 0;
export let fitHigh: u64 = 0;
export function fits(type: u32, parameter: u32, kind: u32, start: usize, length: u32): bool {
  return false;
}
