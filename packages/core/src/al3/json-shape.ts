/** Groups as a tree, or one after the other as they stand in the file: `groups[].group_name` and `data`. */
export const JSON_SHAPES = ['tree', 'flat'] as const;
export type JsonShape = (typeof JSON_SHAPES)[number];

/** What a group's name and its elements are called in each shape. */
export const KEYS_OF: Readonly<Record<JsonShape, { readonly group: string; readonly elements: string }>> = {
  tree: { group: 'group', elements: 'elements' },
  flat: { group: 'group_name', elements: 'data' },
};
