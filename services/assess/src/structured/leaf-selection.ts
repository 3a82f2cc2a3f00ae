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
  const picks = new PickedLeaves(tree, rowColumns);
  let next = 0;

  /** Picks a leaf and its labels where they fit. */
  const pickWithLabels = (leaf: TreeNode, tokens: number): boolean => {
    const cost = picks.costOf(leaf);
    const brought = labelsFor(leaf, tree, labels, picks);
    let labelCost = 0;
    for (const label of brought) labelCost += picks.costOf(label);
    if (picks.estimated + cost + labelCost > tokens) return false;
    for (const label of brought) picks.pick(label, picks.costOf(label));
    picks.pick(leaf, cost);
    return true;
  };

  return {
    picked: picks.picked,
    get size() {
      return picks.picked.length;
    },
    get estimatedTokens() {
      return picks.estimated;
    },
    fill: (tokens) => {
      let misses = 0;
      for (; next < order.length && misses < mostMisses; next++) {
        const leaf = tree.leaves[order[next] as number] as TreeNode;
        if (picks.isPicked(leaf) || pickWithLabels(leaf, tokens)) continue;
        if (picks.estimated >= tokens * 0.98) return true;
        misses++;
      }
      return next < order.length;
    },
    shrink: (tokens) => {
      while (picks.picked.length > 0 && picks.estimated > tokens) picks.unpick();
      next = 0;
    },
  };
}

/** The leaves that were picked so far, and what they cost together. */
class PickedLeaves {
  readonly picked: TreeNode[] = [];
  estimated = 0;
  readonly #rowColumns: RowColumns;
  readonly #isPicked: Uint8Array;
  /** Containers of picked leaves, with how many they hold. */
  readonly #open = new Map<TreeNode, number>();
  readonly #usedColumns = new Map<Column, number>();
  readonly #costs: number[] = [];

  constructor(tree: ValueTree, rowColumns: RowColumns) {
    this.#rowColumns = rowColumns;
    this.#isPicked = new Uint8Array(tree.leaves.length);
  }

  isPicked(leaf: TreeNode): boolean {
    return this.#isPicked[leaf.leafIndex] === 1;
  }

  isOpen(node: TreeNode): boolean {
    return this.#open.has(node);
  }

  /** Estimated tokens of one more leaf: its text, its key, and those of containers that it opens. */
  costOf(leaf: TreeNode): number {
    const inRow = this.#rowColumns.get(leaf.column) !== undefined;
    const uses = this.#usedColumns.get(leaf.column) ?? 0;
    const key = uses < (inRow ? 2 : 1_000_000) && !leaf.column.isElement ? estimateTokens(leaf.key) + 1 : 0;
    let cost = estimateTokens(leaf.text as string) + 1 + key;
    for (let node = leaf.parent; node && !this.#open.has(node); node = node.parent)
      if (node.column.isElement) cost += 1;
      else if (!inRow) cost += estimateTokens(node.key) + 1.5;
    return cost;
  }

  pick(leaf: TreeNode, cost: number): void {
    this.#isPicked[leaf.leafIndex] = 1;
    this.#usedColumns.set(leaf.column, (this.#usedColumns.get(leaf.column) ?? 0) + 1);
    for (let node = leaf.parent; node; node = node.parent) this.#open.set(node, (this.#open.get(node) ?? 0) + 1);
    this.picked.push(leaf);
    this.#costs.push(cost);
    this.estimated += cost;
  }

  /** Takes the last one away again. */
  unpick(): void {
    const leaf = this.picked.pop();
    if (!leaf) return;
    this.estimated -= this.#costs.pop() ?? 0;
    this.#isPicked[leaf.leafIndex] = 0;
    this.#usedColumns.set(leaf.column, (this.#usedColumns.get(leaf.column) ?? 1) - 1);
    for (let node = leaf.parent; node; node = node.parent) {
      const count = (this.#open.get(node) ?? 1) - 1;
      if (count > 0) this.#open.set(node, count);
      else this.#open.delete(node);
    }
  }
}

type Labels = ReadonlyMap<TreeNode, readonly TreeNode[]>;

/** Labels of the rows around a leaf that nothing was picked of so far; for a part of a text, what it stands below there. */
function labelsFor(leaf: TreeNode, tree: ValueTree, labels: Labels, picks: PickedLeaves): TreeNode[] {
  const brought = namesAbove(leaf, tree.leaves).filter((name) => !picks.isPicked(name));
  for (let node = leaf.parent; node && !picks.isOpen(node); node = node.parent)
    for (const label of labels.get(node) ?? []) if (label !== leaf && !picks.isPicked(label)) brought.push(label);
  return brought;
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

function labelsOfRows(tree: ValueTree, rowColumns: RowColumns, labelColumns: ReadonlyMap<Column, readonly Column[]>): Labels {
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
