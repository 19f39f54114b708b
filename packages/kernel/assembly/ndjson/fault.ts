// The first rule that the record in hand broke, and where.
import { UNEXPECTED_END } from './reasons';
import { LINE_FEED } from './scan';

export let faultAt: usize = 0;
export let faultReason: u32 = 0;

/** Notes the fault; returns 0, which scanning functions give back in place of a position. */
export function fail(at: usize, reason: u32): usize {
  faultAt = at;
  faultReason = load<u8>(at) == LINE_FEED ? UNEXPECTED_END : reason;
  return 0;
}
