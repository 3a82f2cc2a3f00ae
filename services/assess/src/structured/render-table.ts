// Renders rows as a table: the columns most rows have in a header, a constant column once, the rest behind the row.
import type { KeptTree } from "./kept-tree.ts";
import { isPartOfSame, jointOf } from "./text-parts.ts";
import type { Column, TreeNode } from "./value-tree.ts";

type Cells = Map<Column, string>;

/**
 * @param collection the list or map that the rows belong to.
 * @returns lines, each with the indentation.
 */
export function renderTable(
  collection: TreeNode,
  rows: readonly TreeNode[],
  prefix: string,
  indent: string,
  kept: KeptTree,
): string[] {
  const cellsOfRows = rows.map((row) => cellsOf(row, kept));
  const uses = new Map<Column, { count: number; text: string; isConstant: boolean }>();
  for (const cells of cellsOfRows)
    for (const [column, text] of cells) {
      const use = uses.get(column);
      if (!use) uses.set(column, { count: 1, text, isConstant: true });
      else {
        use.count++;
        if (use.text !== text) use.isConstant = false;
      }
    }
  const rowColumn = (rows[0] as TreeNode).column;
  const columns = [...uses.keys()].sort((a, b) => a.order - b.order);
  const constant = columns.filter((column) => isHoisted(uses.get(column), rows.length));
  const tabular = columns.filter((column) => !constant.includes(column) && (uses.get(column)?.count ?? 0) * 2 >= rows.length);
  const extra = columns.filter((column) => !constant.includes(column) && !tabular.includes(column));
  const names = new Map(columns.map((column) => [column, relativePath(column, rowColumn)]));

  const total = collection.size > rows.length ? `${rows.length} of ${collection.size}` : `${rows.length}`;
  const header = tabular.map((column) => names.get(column)).join(" | ");
  const same = constant.map((column) => `${names.get(column)}: ${uses.get(column)?.text}`).join("; ");
  const lines = [`${indent}${prefix}[${total}]${same ? ` all ${same};` : ""} ${header}:`];
  for (const cells of cellsOfRows) {
    const line = tabular.map((column) => cells.get(column) ?? blankOf(column, rowColumn)).join(" | ");
    const rest = extra.filter((column) => cells.has(column)).map((column) => `${names.get(column)}: ${cells.get(column)}`);
    lines.push(indent + [line, ...rest].join("; "));
  }
  return lines;
}

/** A cell that is left out is marked where every row has one: there a blank would read as empty. */
const blankOf = (column: Column, rowColumn: Column): string => (column.leafCount >= rowColumn.containerCount ? leftOut : "");
const leftOut = "…";

const isHoisted = (use: { count: number; isConstant: boolean } | undefined, rows: number): boolean =>
  use?.isConstant === true && use.count === rows;

/** Kept leaves below a row by column; several of one column follow each other. */
function cellsOf(row: TreeNode, kept: KeptTree): Cells {
  const cells: Cells = new Map();
  let previous: TreeNode | undefined;
  // Depth is bounded by the tree's own deepest level.
  const visit = (node: TreeNode): void => {
    if (node.text === undefined) {
      for (const child of kept.childrenOf.get(node) ?? []) visit(child);
      return;
    }
    const text = node.text.includes("\n") ? node.text.replace(/\s*\n\s*/g, " ") : node.text;
    const before = cells.get(node.column);
    const between = previous && isPartOfSame(previous, node) ? jointOf(previous, node).replaceAll("\n", " ") : ", ";
    cells.set(node.column, before === undefined ? text : `${before}${between}${text}`);
    previous = node;
  };
  visit(row);
  return cells;
}

/** Keys from a row down to a column, joined by dots; lists in between leave no trace. */
function relativePath(column: Column, row: Column): string {
  const keys: string[] = [];
  for (let step: Column | null = column; step && step !== row; step = step.parent) if (!step.isElement) keys.push(step.key);
  return keys.reverse().join(".");
}
