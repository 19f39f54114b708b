/**
 * The types of elements, and the classes that say more about them.
 *
 * - `A`, `AN`, `T`: text, left-justified, filled with blanks
 * - `N0` to `N6`: digits with so many implied decimals
 * - `S0` to `S6`: the same with a sign at the end
 * - `DT8` CCYYMMDD, `DT6` YYMMDD, `D2Y` MMYY
 * - `NM`: a name of 60 bytes in parts
 * - `SN`, `NV`, `PCT`: numbers whose format is given elsewhere: text
 */
export const ELEMENT_TYPES = [
  ...['A', 'AN', 'T', 'SN', 'NV', 'PCT'],
  ...['N0', 'N1', 'N2', 'N3', 'N4', 'N5', 'N6'],
  ...['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6'],
  ...['DT8', 'DT6', 'D2Y', 'NM'],
] as const;
export type ElementType = string;

const TYPES = new Set<string>(ELEMENT_TYPES);

export const isElementType = (type: string): boolean => TYPES.has(type);

const FIXED_LENGTHS: Readonly<Record<string, number>> = { DT8: 8, DT6: 6, D2Y: 4, NM: 60 };

/** The only length that a type can have, where there is one. */
export const lengthOfType = (type: ElementType): number | undefined => FIXED_LENGTHS[type];
