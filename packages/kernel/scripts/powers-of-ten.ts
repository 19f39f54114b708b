/**
 * Writes `assembly/number/powers.ts`: the powers of ten that printing and reading doubles multiply by.
 * With `--check` nothing is written: fails if the committed file is not what this script gives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const target = fileURLToPath(new URL('../assembly/number/powers.ts', import.meta.url));
/** 10^FIRST to 10^LAST: what it takes to bring any finite double to an integer of 16 or 17 digits. */
const FIRST = -292;
const LAST = 324;

/** The upper 128 bits of 10^`exponent`, the first of them 1, rounded up. */
function power(exponent: number): bigint {
  const magnitude = 10n ** BigInt(Math.abs(exponent));
  const bits = BigInt(magnitude.toString(2).length);
  if (exponent < 0) return (1n << (bits + 127n)) / magnitude + 1n;
  const missing = 128n - bits;
  return missing >= 0n ? magnitude << missing : (magnitude >> -missing) + 1n;
}

function* halves(): Generator<string> {
  for (let exponent = FIRST; exponent <= LAST; exponent++) {
    const digits = power(exponent).toString(16);
    yield `0x${digits.slice(0, 16)}`;
    yield `0x${digits.slice(16)}`;
  }
}

const SOURCE = `// Written by scripts/powers-of-ten.ts.

/** The exponents of the table. */
export const FIRST_POWER: i32 = ${FIRST};
export const LAST_POWER: i32 = ${LAST};

/** The powers that 128 bits hold exactly; all others are rounded up. */
export const FIRST_EXACT_POWER: i32 = 0;
export const LAST_EXACT_POWER: i32 = 55;

/** The upper 128 bits of each power, the first of them 1: a u64 with the upper half, one with the lower. */
const powers: usize = memory.data<u64>([${[...halves()].join(', ')}]);

/** Where the two halves of 10^\`exponent\` are. */
// @ts-ignore: decorator
//#@inline
export function powerOfTen(exponent: i32): usize {
  return powers + (<usize>(exponent - FIRST_POWER) << 4);
}
`;

const formatted = await format(SOURCE, { ...(await resolveConfig(target)), filepath: target });
const source = formatted.replace('//#@', '@');
if (!process.argv.includes('--check')) writeFileSync(target, source);
else if (readFileSync(target, 'utf8') !== source) {
  console.error('assembly/number/powers.ts is not what node packages/kernel/scripts/powers-of-ten.ts gives');
  process.exitCode = 1;
}
