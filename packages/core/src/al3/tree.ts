import { diagnostic, type Diagnostic } from './diagnostic.ts';
import type { GroupReference } from './group-header.ts';
import { offsetOfColumn, type SourceGroup } from './group.ts';
import type { TreeNode } from './transaction.ts';

/** Where a header names its parent. */
const PARENT_COLUMN = 17;

interface OpenNode {
  readonly group: SourceGroup;
  readonly extensions: SourceGroup[];
  readonly children: OpenNode[];
}

/** The groups that may be named as parents, the latest of each name. */
class Named {
  readonly #exact = new Map<string, OpenNode>();
  readonly #byName = new Map<string, OpenNode>();

  add(node: OpenNode): void {
    this.#exact.set(keyOf(node.group.header), node);
    this.#byName.set(node.group.header.group, node);
  }

  exactly(reference: GroupReference): OpenNode | undefined {
    return this.#exact.get(keyOf(reference));
  }

  named({ group }: GroupReference): OpenNode | undefined {
    return this.#byName.get(group);
  }
}

const keyOf = ({ group, level, iteration }: GroupReference): string => `${group} ${level} ${iteration}`;

const nameOf = ({ group, level = '??', iteration }: GroupReference): string =>
  `${group} ${level} ${iteration === undefined ? '????' : String(iteration).padStart(4, '0')}`;

/**
 * Hangs the groups of a transaction, `2TRG` first, from the parents that their headers name:
 *
 * | the header names               | the group hangs from                                     | told            |
 * |--------------------------------|----------------------------------------------------------|-----------------|
 * | no parent                      | the transaction                                          |                 |
 * | name, level and iteration      | the nearest group before it that has all three           |                 |
 * | none before it has all three   | the nearest one of that name                             | parent-inexact  |
 * | none before it has that name   | the transaction                                          | parent-missing  |
 *
 * A `9xxx` becomes part of the nearest `5xxx` before it with the same letters, level and iteration (`base-missing`: it stays
 * a group of its own).
 */
export function buildTree(
  first: SourceGroup,
  groups: readonly SourceGroup[],
): { readonly root: TreeNode; readonly diagnostics: Diagnostic[] } {
  const root: OpenNode = { group: first, extensions: [], children: [] };
  const named = new Named();
  const diagnostics: Diagnostic[] = [];
  for (const group of groups) {
    const base = baseOf(group, named, diagnostics);
    if (base) {
      base.extensions.push(group);
      continue;
    }
    const node: OpenNode = { group, extensions: [], children: [] };
    (parentOf(group, named, diagnostics) ?? root).children.push(node);
    named.add(node);
  }
  return { root, diagnostics };
}

function baseOf(group: SourceGroup, named: Named, diagnostics: Diagnostic[]): OpenNode | undefined {
  const { header, offset } = group;
  if (!header.group.startsWith('9')) return undefined;
  const reference = { ...header, group: `5${header.group.slice(1)}` };
  const base = named.exactly(reference);
  if (!base)
    diagnostics.push(
      diagnostic(
        'base-missing',
        offset,
        header.group,
        `no ${nameOf(reference)} stands before it: it is kept as a group of its own`,
      ),
    );
  return base;
}

function parentOf(group: SourceGroup, named: Named, diagnostics: Diagnostic[]): OpenNode | undefined {
  const { parent, group: name } = group.header;
  if (!parent) return undefined;
  const exact = named.exactly(parent);
  if (exact) return exact;
  const near = named.named(parent);
  const message = near
    ? `no ${nameOf(parent)} stands before it: it hangs from ${nameOf(near.group.header)}`
    : `no ${parent.group} stands before it: it hangs from the transaction`;
  const code = near ? 'parent-inexact' : 'parent-missing';
  diagnostics.push(diagnostic(code, offsetOfColumn(group, PARENT_COLUMN), name, message));
  return near;
}
