import { SPEC_FIELDS, type SpecField } from '@winnow/core';

/** Fields of the edge: they can stand wherever spec fields can, but are no part of a spec. */
export const EDGE_FIELDS = [
  'resume',
  'append',
  'logLevel',
  'metricsAddr',
  'cloudwatchNamespace',
  'overrides',
] as const;
export type EdgeField = (typeof EDGE_FIELDS)[number];
export type Field = SpecField | EdgeField;

export const FIELDS: readonly Field[] = [...SPEC_FIELDS, ...EDGE_FIELDS];

const joined = (field: string, separator: string): string =>
  field.replace(/[A-Z]/g, (capital) => separator + capital.toLowerCase());

/** Flags that are called otherwise than their field. */
const FLAG_NAMES: Readonly<Partial<Record<Field, string>>> = { unitBytes: 'unit-size' };

/** `maxQuarantined` → `max-quarantined`, without the dashes in front. */
export const flagOf = (field: Field): string => FLAG_NAMES[field] ?? joined(field, '-');

/** `maxQuarantined` → `WINNOW_MAX_QUARANTINED`. */
export const variableOf = (field: Field): string => `WINNOW_${joined(field, '_').toUpperCase()}`;

/** `max_quarantined` → `maxQuarantined`; camelCase stays. */
export const fieldOfKey = (key: string): string =>
  key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
