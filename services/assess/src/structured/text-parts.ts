// Parts of one text among kept leaves, and what is written between them.
import type { TreeNode } from "./value-tree.ts";

/** Whether two kept leaves are parts of one text. */
export const isPartOfSame = (previous: TreeNode, { key, column, parent, joint }: TreeNode): boolean =>
  joint !== undefined && previous.key === key && previous.column === column && previous.parent === parent;

/** What to write between two kept parts of one text. */
export function jointOf(previous: TreeNode, { leafIndex, joint = " " }: TreeNode): string {
  if (previous.leafIndex + 1 === leafIndex) return joint;
  return joint === "\n" ? "\n…\n" : " … ";
}
