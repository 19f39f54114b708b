import type { Diagnostic } from './diagnostic.ts';
import type { SourceGroup, Stray } from './group.ts';

/** A group and what hangs from it. */
export interface TreeNode {
  readonly group: SourceGroup;
  /** Groups `9xxx` that go on with this one. */
  readonly extensions: readonly SourceGroup[];
  readonly children: readonly TreeNode[];
}

/** What stands in a transaction or a message, in the order of the input. */
export type Item =
  { readonly kind: 'group'; readonly group: SourceGroup } | { readonly kind: 'stray'; readonly stray: Stray };

/** A transaction: `2TRG` and what follows it. */
export interface Transaction {
  /** Of its first byte in the input. */
  readonly offset: number;
  /** Everything in it, the `2TRG` first. */
  readonly items: readonly Item[];
  readonly root: TreeNode;
  readonly diagnostics: readonly Diagnostic[];
}

export const groupsOf = (items: readonly Item[]): SourceGroup[] =>
  items.flatMap((item) => (item.kind === 'group' ? [item.group] : []));
