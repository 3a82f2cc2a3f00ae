// Renders rows as a table: the columns most rows have in a header, a constant column once, the rest behind the row.

import { countOf } from "./kept-count.ts";
import { type KeptTree, pathOf } from "./kept-tree.ts";
import { oneLine } from "./one-line.ts";
import { endingOf, isPartOfSame, jointOf, noted, openingOf } from "./text-parts.ts";
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
  const constant = new Set(columns.filter((column) => isHoisted(uses.get(column), rows.length)));
  const tabular = columns.filter((column) => !constant.has(column) && (uses.get(column)?.count ?? 0) * 2 >= rows.length);
  const inHeader = new Set([...constant, ...tabular]);
  const names = new Map(columns.map((column) => [column, relativePath(column, rowColumn)]));

  const total = collection.size > rows.length ? `${rows.length} of ${collection.size}` : `${rows.length}`;
  if (collection.size > rows.length) kept.onMark?.(`[${total}]`, pathOf(collection), "the other rows");
  const header = tabular.map((column) => names.get(column)).join(" | ");
  const same = [...constant].map((column) => `${names.get(column)}: ${uses.get(column)?.text}`).join("; ");
  const lines = [`${indent}${prefix}[${total}]${same ? ` all ${same};` : ""} ${header}:`];
  const blankIn = (column: Column): string => {
    const blank = blankOf(column, rowColumn);
    if (blank !== "") kept.onMark?.(blank, [...pathOf(collection), names.get(column) ?? ""], "the value of a row that is shown");
    return blank;
  };
  for (const cells of cellsOfRows) {
    const line = tabular.map((column) => cells.get(column) ?? blankIn(column)).join(" | ");
    // Columns that few rows have: each row is asked for its own only.
    const rest = [...cells].flatMap(([column, text]) => (inHeader.has(column) ? [] : [`${names.get(column)}: ${text}`]));
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
  const append = (column: Column, text: string) => cells.set(column, `${cells.get(column) ?? ""}${text}`);
  const endText = () => {
    if (previous) append(previous.column, noted(endingOf(previous), previous, kept.onMark));
  };
  // Depth is bounded by the tree's own deepest level.
  const visit = (node: TreeNode): void => {
    if (node.text === undefined) {
      const children = kept.childrenOf.get(node) ?? [];
      for (const child of children) visit(child);
      const count = node === row ? "" : countOf(node, children);
      const [first] = children;
      if (count.includes(" of ")) kept.onMark?.(count, pathOf(node), "the other elements");
      if (count !== "" && first) append(first.column, ` ${count}`);
      return;
    }
    const text = oneLine(node.text);
    if (previous && isPartOfSame(previous, node))
      append(node.column, oneLine(noted(jointOf(previous, node), node, kept.onMark), " ", true) + text);
    else {
      endText();
      append(
        node.column,
        `${cells.has(node.column) ? ", " : ""}${oneLine(noted(openingOf(node), node, kept.onMark), " ", true)}${text}`,
      );
    }
    previous = node;
  };
  visit(row);
  endText();
  return cells;
}

/** Keys from a row down to a column, joined by dots; lists in between leave no trace. */
function relativePath(column: Column, row: Column): string {
  const keys: string[] = [];
  for (let step: Column | null = column; step && step !== row; step = step.parent) if (!step.isElement) keys.push(step.key);
  return keys.reverse().join(".");
}
