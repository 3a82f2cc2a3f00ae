// What is left of a value after selection, as a tree that can be rendered.
import type { RowColumns } from "./rows.ts";
import type { TreeNode } from "./value-tree.ts";

export interface KeptTree {
  readonly childrenOf: ReadonlyMap<TreeNode, readonly TreeNode[]>;
  readonly rowColumns: RowColumns;
}
