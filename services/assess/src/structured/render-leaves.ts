// Renders kept leaves: fields of an object on one line, rows of a collection as a table, levels by indentation.

import { countOf } from "./kept-count.ts";
import { type KeptTree, type OnMark, pathOf } from "./kept-tree.ts";
import { renderTable } from "./render-table.ts";
import type { RowColumns } from "./rows.ts";
import { endingOf, isPartOfSame, jointOf, noted, openingOf } from "./text-parts.ts";
import type { TreeNode } from "./value-tree.ts";

/** Fewer rows read better field by field. */
const tableRows = 3;

/**
 * @param leaves kept leaves in any order.
 * @param onMark hears of each mark that stands for something that was left out.
 * @returns the text, without the root's own name; empty when nothing is kept.
 */
export function renderLeaves(leaves: readonly TreeNode[], root: TreeNode, rowColumns: RowColumns, onMark?: OnMark): string {
  const kept: KeptTree = { ...keptTree(leaves, rowColumns), onMark };
  const lines: string[] = [];
  renderContainer(root, "", 0, kept, lines);
  return lines.join("\n");
}

function keptTree(leaves: readonly TreeNode[], rowColumns: RowColumns): KeptTree {
  const childrenOf = new Map<TreeNode, TreeNode[]>();
  const sorted = [...leaves].sort((a, b) => a.leafIndex - b.leafIndex);
  for (const leaf of sorted) {
    let child = leaf;
    for (let parent = leaf.parent; parent; child = parent, parent = parent.parent) {
      const siblings = childrenOf.get(parent);
      if (siblings) {
        if (siblings.at(-1) !== child) siblings.push(child);
        break;
      }
      childrenOf.set(parent, [child]);
    }
  }
  return { childrenOf, rowColumns };
}

const isCollection = (node: TreeNode): boolean => node.column.children.has("\u0000");

function renderContainer(node: TreeNode, prefix: string, level: number, kept: KeptTree, lines: string[]): void {
  const children = kept.childrenOf.get(node) ?? [];
  const indent = " ".repeat(level);
  const only = children[0];
  if (children.length === 1 && only && only.text === undefined) {
    const name = only.column.isElement ? `${prefix}[${only.key}]` : prefix === "" ? only.key : `${prefix}.${only.key}`;
    renderContainer(only, name, level, kept, lines);
    return;
  }
  const rows = children.filter((child) => child.text === undefined && kept.rowColumns.get(child.column) === child.column);
  const isFlat = rows.every((row) => !holdsTable(row, kept));
  if (isCollection(node) && rows.length >= tableRows && isFlat) {
    lines.push(...renderTable(node, rows, prefix, indent, kept));
    return;
  }
  const fields = joinedFields(children, kept.onMark);
  const count = countOf(node, children);
  if (count.includes(" of ")) kept.onMark?.(count, pathOf(node), "the other elements");
  const named = `${prefix}${count}`;
  const opening = named === "" ? fields : fields === "" ? `${named}:` : `${named}: ${fields}`;
  if (opening !== "") lines.push(indent + opening);
  const inner = prefix === "" ? level : level + 1;
  for (const child of children)
    if (child.text === undefined)
      renderContainer(child, child.column.isElement ? `[${child.key}]` : child.key, inner, kept, lines);
}

/** Whether rows of another table are kept below a row. */
function holdsTable(row: TreeNode, kept: KeptTree): boolean {
  const pending = [row];
  for (let node = pending.pop(); node; node = pending.pop())
    for (const child of kept.childrenOf.get(node) ?? []) {
      if (kept.rowColumns.get(child.column) !== row.column) return true;
      if (child.text === undefined) pending.push(child);
    }
  return false;
}

/** The scalars among the children: `key: value; key: value`; pieces of one text and elements of a list follow each other. */
export function joinedFields(children: readonly TreeNode[], onMark?: OnMark): string {
  let joined = "";
  let previous: TreeNode | undefined;
  const end = () => (previous ? noted(endingOf(previous), previous, onMark) : "");
  for (const child of children) {
    if (child.text === undefined) continue;
    if (previous && isPartOfSame(previous, child)) joined += noted(jointOf(previous, child), child, onMark) + child.text;
    else {
      joined += previous ? `${end()}; ` : "";
      joined += child.column.isElement ? "" : `${child.key}: `;
      joined += noted(openingOf(child), child, onMark) + child.text;
    }
    previous = child;
  }
  return joined + end();
}
