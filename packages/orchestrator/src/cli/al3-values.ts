import { parseSpec, type Spec } from '@winnow/core';
import type { Flags } from './options.ts';

/** How values are read and written, by the flags that a run has too. @throws SpecError */
export function al3ValuesOf(flags: Flags): Pick<Spec, 'centuryPivot' | 'decimals' | 'raw'> {
  const given = { centuryPivot: flags['century-pivot'], decimals: flags['decimals'], raw: flags['raw'] };
  const named = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  return parseSpec({ source: '.', inputFormat: 'al3', ...Object.fromEntries(named) }, (field) =>
    field === 'centuryPivot' ? '--century-pivot' : `--${field}`,
  );
}
