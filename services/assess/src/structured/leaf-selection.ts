// Fills a token budget with leaves in the order of their priority, each row under its label.
import type { FillableSelection } from "./fit-to-budget.ts";
import type { RowColumns } from "./rows.ts";
import { rowOf } from "./rows.ts";
import { estimateTokens } from "./token-estimate.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";

export interface LeafSelection extends FillableSelection {
  /** Leaves in the order they were picked. */
  readonly picked: readonly TreeNode[];
}

const buckets = 2048;
/** Leaves that did not fit before filling ends. */
const mostMisses = 64;

export function createLeafSelection(
  tree: ValueTree,
  priorities: Float64Array,
  rowColumns: RowColumns,
  labelColumns: ReadonlyMap<Column, readonly Column[]>,
): LeafSelection {
  const order = orderByPriority(priorities);
  const labels = labelsOfRows(tree, rowColumns, labelColumns);
  const isPicked = new Uint8Array(tree.leaves.length);
  const open = new Map<TreeNode, number>();
  const usedColumns = new Map<Column, number>();
  const picked: TreeNode[] = [];
  const costs: number[] = [];
  let estimated = 0;
  let next = 0;

  const costOf = (leaf: TreeNode): number => {
    const inRow = rowColumns.get(leaf.column) !== undefined;
    const uses = usedColumns.get(leaf.column) ?? 0;
    const key = uses < (inRow ? 2 : 1_000_000) && !leaf.column.isElement ? estimateTokens(leaf.key) + 1 : 0;
    let cost = estimateTokens(leaf.text as string) + 1 + key;
    for (let node = leaf.parent; node && !open.has(node); node = node.parent)
      if (node.column.isElement) cost += 1;
      else if (!inRow) cost += estimateTokens(node.key) + 1.5;
    return cost;
  };
  const pick = (leaf: TreeNode, cost: number) => {
    isPicked[leaf.leafIndex] = 1;
    usedColumns.set(leaf.column, (usedColumns.get(leaf.column) ?? 0) + 1);
    for (let node = leaf.parent; node; node = node.parent) open.set(node, (open.get(node) ?? 0) + 1);
    picked.push(leaf);
    costs.push(cost);
    estimated += cost;
  };
  const unpick = () => {
    const leaf = picked.pop();
    if (!leaf) return;
    estimated -= costs.pop() ?? 0;
    isPicked[leaf.leafIndex] = 0;
    usedColumns.set(leaf.column, (usedColumns.get(leaf.column) ?? 1) - 1);
    for (let node = leaf.parent; node; node = node.parent) {
      const count = (open.get(node) ?? 1) - 1;
      if (count > 0) open.set(node, count);
      else open.delete(node);
    }
  };

  /** Labels of the rows around a leaf that nothing was picked of so far; for a part of a text, what it stands below there. */
  const labelsFor = (leaf: TreeNode): TreeNode[] => {
    const brought = namesAbove(leaf, tree.leaves).filter(({ leafIndex }) => !isPicked[leafIndex]);
    for (let node = leaf.parent; node && !open.has(node); node = node.parent)
      for (const label of labels.get(node) ?? []) if (label !== leaf && !isPicked[label.leafIndex]) brought.push(label);
    return brought;
  };

  return {
    picked,
    get size() {
      return picked.length;
    },
    get estimatedTokens() {
      return estimated;
    },
    fill: (tokens) => {
      let misses = 0;
      for (; next < order.length && misses < mostMisses; next++) {
        const leaf = tree.leaves[order[next] as number] as TreeNode;
        if (isPicked[leaf.leafIndex]) continue;
        const cost = costOf(leaf);
        const brought = labelsFor(leaf);
        let labelCost = 0;
        for (const label of brought) labelCost += costOf(label);
        if (estimated + cost + labelCost > tokens) {
          if (estimated >= tokens * 0.98) return true;
          misses++;
          continue;
        }
        for (const label of brought) pick(label, costOf(label));
        pick(leaf, cost);
      }
      return next < order.length;
    },
    shrink: (tokens) => {
      while (picked.length > 0 && estimated > tokens) unpick();
      next = 0;
    },
  };
}

/** The parts of the same text that a part stands below: headings, files, signatures. */
function namesAbove(leaf: TreeNode, leaves: readonly TreeNode[]): TreeNode[] {
  const names: TreeNode[] = [];
  for (let part: TreeNode | undefined = leaf; part?.part !== undefined && part.part.parentDistance > 0; ) {
    part = leaves[part.leafIndex - part.part.parentDistance];
    if (part) names.push(part);
  }
  return names;
}

/** Indices by falling priority, equal ones in the order of the document; linear time. */
function orderByPriority(priorities: Float64Array): Uint32Array {
  let greatest = 0;
  for (const priority of priorities) if (priority > greatest) greatest = priority;
  const scale = greatest > 0 ? (buckets - 1) / greatest : 0;
  const starts = new Uint32Array(buckets + 1);
  const bucketOf = (priority: number): number => buckets - 1 - Math.floor(priority * scale);
  for (const priority of priorities) starts[bucketOf(priority) + 1]! += 1;
  for (let bucket = 1; bucket <= buckets; bucket++) starts[bucket]! += starts[bucket - 1] as number;
  const order = new Uint32Array(priorities.length);
  for (let index = 0; index < priorities.length; index++) {
    const bucket = bucketOf(priorities[index] as number);
    order[starts[bucket] as number] = index;
    starts[bucket]! += 1;
  }
  return order;
}

function labelsOfRows(
  tree: ValueTree,
  rowColumns: RowColumns,
  labelColumns: ReadonlyMap<Column, readonly Column[]>,
): ReadonlyMap<TreeNode, readonly TreeNode[]> {
  const labels = new Map<TreeNode, TreeNode[]>();
  const isLabel = new Set([...labelColumns.values()].flat());
  if (isLabel.size === 0) return labels;
  for (const leaf of tree.leaves) {
    // A part of a long text names nothing.
    if (!isLabel.has(leaf.column) || leaf.part !== undefined) continue;
    const row = rowOf(leaf, rowColumns);
    if (!row || leaf.kind === "empty") continue;
    const known = labels.get(row);
    if (known) known.push(leaf);
    else labels.set(row, [leaf]);
  }
  return labels;
}
