// The powers of ten that printing and reading doubles need, to 128 bits: for each 10^k the g with 2^127 <= g < 2^128 and
// g × 2^(⌊log2 10^k⌋ - 127) = 10^k, rounded up. It is exact for k from 0 to 55.
//
// The table is made at run time in exact arithmetic of many words: that takes a quarter of a millisecond, while the
// table itself would add 10 KB to the module, ten times the code that makes it.

/** Powers that a numeral of 19 digits may have and still not be 0 as a double… */
export const MIN_POWER: i32 = -342;
/** …and that the shortest print of the least double needs. */
export const MAX_POWER: i32 = 324;

const table: usize = memory.data(667 * 16);
let isReady: bool = false;

/** Words of the number in work, least significant first: 5^324 and 2^960 ÷ 5^342 with 128 bits to spare fit. */
const WORDS: i32 = 31;
const words: usize = memory.data(31 * 4);

// @ts-ignore: decorator
@inline
function wordAt(index: i32): u32 {
  return index < 0 ? 0 : load<u32>(words + ((<usize>index) << 2));
}

function multiplyByFive(): void {
  let carry: u64 = 0;
  for (let i = 0; i < WORDS; i++) {
    carry += <u64>wordAt(i) * 5;
    store<u32>(words + ((<usize>i) << 2), <u32>carry);
    carry >>= 32;
  }
}

/** Rounds down; doing so n times rounds the quotient by 5^n down. */
function divideByFive(): void {
  let rest: u64 = 0;
  for (let i = WORDS - 1; i >= 0; i--) {
    rest = (rest << 32) | wordAt(i);
    store<u32>(words + ((<usize>i) << 2), <u32>(rest / 5));
    rest %= 5;
  }
}

/** Stores the leading 128 bits of the number in work; `hasMore`: it is a little less than it should be. */
function storePower(power: i32, hasMore: bool): void {
  let top = WORDS - 1;
  while (!wordAt(top)) top--;
  const shift = <u64>clz(wordAt(top));
  let high = ((<u64>wordAt(top)) << 32) | wordAt(top - 1);
  let low = ((<u64>wordAt(top - 2)) << 32) | wordAt(top - 3);
  const next = <u64>wordAt(top - 4);
  if (shift) {
    high = (high << shift) | (low >> (64 - shift));
    low = (low << shift) | (next >> (32 - shift));
  }
  let more = hasMore || <u32>(next << shift) != 0;
  for (let i = top - 5; i >= 0; i--) more = more || wordAt(i) != 0;
  low += u64(more);
  high += u64(more && !low);
  const entry = table + <usize>(power - MIN_POWER) * 16;
  store<u64>(entry, high);
  store<u64>(entry, low, 8);
}

/** Makes the table; must be called before anything else here. Later calls do nothing. */
export function preparePowersOfTen(): void {
  if (isReady) return;
  isReady = true;
  memory.fill(words, 0, WORDS * 4);
  store<u32>(words, 1);
  for (let power = 0; power <= MAX_POWER; power++) {
    storePower(power, false);
    multiplyByFive();
  }
  memory.fill(words, 0, WORDS * 4);
  store<u32>(words + (WORDS - 1) * 4, 1);
  for (let power = -1; power >= MIN_POWER; power--) {
    divideByFive();
    storePower(power, true);
  }
}

/** The upper 64 bits of 10^`power`. */
// @ts-ignore: decorator
@inline
export function upperPower(power: i32): u64 {
  return load<u64>(table + <usize>(power - MIN_POWER) * 16);
}

/** The lower 64 bits of 10^`power`. */
// @ts-ignore: decorator
@inline
export function lowerPower(power: i32): u64 {
  return load<u64>(table + <usize>(power - MIN_POWER) * 16, 8);
}

/** ⌊log2 10^`power`⌋, for powers from -1,233 to 1,233. */
// @ts-ignore: decorator
@inline
export function binaryExponent(power: i32): i32 {
  return (power * 1_741_647) >> 19;
}
