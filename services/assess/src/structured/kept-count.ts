// How many elements of a list or map of scalars are kept, where some are not: a shorter list must not pass for the whole.
import type { TreeNode } from "./value-tree.ts";

/** Lists of at least so many scalars say their length even when they are whole. */
const longList = 20;
/** Objects of at least so many fields, scalars all, are maps: their keys are data. */
const mapFields = 16;

/** @returns `[130 of 300]`, `[300]`, or nothing where the elements are no scalars or few. */
export function countOf(node: TreeNode, children: readonly TreeNode[]): string {
  if (!children.some(({ text }) => text !== undefined) || children.some(({ text }) => text === undefined)) return "";
  if (!isList(node) && !isMapOfScalars(node)) return "";
  const kept = distinctKeys(children);
  if (kept < node.size) return `[${kept} of ${node.size}]`;
  return kept >= longList ? `[${kept}]` : "";
}

const isList = ({ column }: TreeNode): boolean => column.children.has("\u0000");

const isMapOfScalars = ({ size, column }: TreeNode): boolean =>
  size >= mapFields && [...column.children.values()].every(({ containerCount }) => containerCount === 0);

/** Parts of one text follow each other and count once. */
function distinctKeys(children: readonly TreeNode[]): number {
  let count = 0;
  let previous: string | undefined;
  for (const { key } of children) {
    if (key !== previous) count++;
    previous = key;
  }
  return count;
}
