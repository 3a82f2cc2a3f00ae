// What a projection left out of a value: its marks by the place they stand at, and values without a mark by their path.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import { renderLeaves } from "./render-leaves.ts";
import type { RowColumns } from "./rows.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";

/** @param kept the leaves that are shown. */
export function removedValues(tree: ValueTree, kept: readonly TreeNode[], rowColumns: RowColumns): RemovedPart[] {
  const marked = new Map<string, RemovedPart>();
  renderLeaves(kept, tree.root, rowColumns, (mark, under, what) => {
    const key = JSON.stringify([mark, under, what]);
    const known = marked.get(key);
    marked.set(key, { mark, marks: (known?.marks ?? 0) + 1, under: [...under], what });
  });
  const keptOf = new Map<Column, number>();
  for (const { column } of kept) keptOf.set(column, (keptOf.get(column) ?? 0) + 1);
  const lost = tree.columns.flatMap((column): RemovedPart[] => {
    const left = keptOf.get(column) ?? 0;
    if (left >= column.leafCount) return [];
    return [{ mark: "", marks: 0, under: namesOf(column), what: `${column.leafCount - left} of ${column.leafCount} values` }];
  });
  return [...marked.values(), ...lost];
}

/** Positions in lists are left out: a column is all values at one path. */
function namesOf(column: Column): string[] {
  const names: string[] = [];
  for (let step: Column = column; step.parent; step = step.parent) if (!step.isElement) names.unshift(step.key);
  return names;
}
