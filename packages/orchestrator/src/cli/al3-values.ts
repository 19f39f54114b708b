import { parseSpec, type Spec } from '@winnow/core';
import { FIELDS, flagOf, type Field } from '../config/fields.ts';
import type { Flags } from './options.ts';

/** How values are read and written, by the flags that a run has too. @throws SpecError */
export function al3ValuesOf(flags: Flags): Pick<Spec, 'centuryPivot' | 'decimals' | 'raw' | 'jsonShape'> {
  const given = {
    centuryPivot: flags['century-pivot'],
    decimals: flags['decimals'],
    raw: flags['raw'],
    jsonShape: flags['json-shape'],
  };
  const named = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  return parseSpec({ source: '.', inputFormat: 'al3', ...Object.fromEntries(named) }, nameOf);
}

const nameOf = (field: string): string =>
  `--${FIELDS.includes(field as Field) ? flagOf(field as Field) : field}`;
