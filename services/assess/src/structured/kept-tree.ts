// What is left of a value after selection, as a tree that can be rendered.
import type { RowColumns } from "./rows.ts";
import type { TreeNode } from "./value-tree.ts";

/** @param under names of what it stands below, outermost first. */
export type OnMark = (mark: string, under: readonly string[], what: string) => void;

export interface KeptTree {
  readonly childrenOf: ReadonlyMap<TreeNode, readonly TreeNode[]>;
  readonly rowColumns: RowColumns;
  /** Hears of each mark that stands for something that was left out. */
  readonly onMark?: OnMark | undefined;
}

/** The keys from the root down to a node, without the root's own. */
export function pathOf(node: TreeNode): string[] {
  const keys: string[] = [];
  for (let step: TreeNode = node; step.parent; step = step.parent) keys.unshift(step.key);
  return keys;
}
