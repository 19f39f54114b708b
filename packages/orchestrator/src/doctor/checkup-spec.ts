import type { Spec } from '@winnow/core';

/** A spec whose source may be left out: what it names is looked at. */
export type CheckupSpec = Omit<Spec, 'source'> & { readonly source: string | undefined };
