import { z } from 'zod';
import type { GroupLayout } from '../al3/dictionary/dictionary.ts';
import { mergeDictionary } from '../al3/dictionary/merge.ts';
import { groupLayout } from '../shapes/al3.ts';

/** Groups of a dictionary, each with its elements. Who has files reads them with `loadDictionary` first. */
export const dictionaryField = z.array(groupLayout).transform((layouts, context): readonly GroupLayout[] => {
  const elements = layouts.flatMap(({ group, name, elements: all }) =>
    all.map((element) => ({ ...element, group, groupName: name, line: 1 })),
  );
  const { dictionary, problems } = mergeDictionary(new Map(), elements);
  for (const { message } of problems)
    context.addIssue({ code: 'custom', message: `must hold together: ${message}` });
  return problems.length === 0 ? [...dictionary.values()] : z.NEVER;
});
