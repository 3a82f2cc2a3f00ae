// How conditions say that a row meets them.
import type { TreeNode } from "./value-tree.ts";

/** Notes that a row meets a condition. */
export type Raise = (row: TreeNode | undefined, relevance: number) => void;

/** Relevance of a row that meets a condition. */
export const metRelevance = 0.9;
