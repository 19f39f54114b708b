import type { Report } from '@winnow/core';

/** What may not differ between two runs of one spec, whatever happened on the way and wherever they wrote. */
export const essence = (report: Report): object => {
  const { state, balanced, records, skipped, bytes, units, drift, quarantine, parts } = report;
  return {
    ...{ state, balanced, records, skipped, bytes, units, drift, quarantine },
    parts: parts.map(({ unit, sub, rows, sha256 }) => ({ unit, sub, rows, sha256 })),
  };
};
