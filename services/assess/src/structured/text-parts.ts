// Parts of one text among kept leaves, and what is written where others are missing: between them, before and after them.
import { countLineBreaks, gapMark } from "../text/gap-mark.ts";
import { type OnMark, pathOf } from "./kept-tree.ts";
import type { TreeNode } from "./value-tree.ts";

/** Whether two kept leaves are parts of one text. */
export const isPartOfSame = (previous: TreeNode, { key, column, parent, part }: TreeNode): boolean =>
  part !== undefined && previous.key === key && previous.column === column && previous.parent === parent;

/** What to write between two kept parts of one text. */
export function jointOf(previous: TreeNode, { leafIndex, part }: TreeNode): string {
  const joint = part?.joint ?? " ";
  if (previous.leafIndex + 1 === leafIndex) return joint;
  const lines = (part?.line ?? 0) - (previous.part?.line ?? 0) - breaksIn(previous);
  return joint === "\n" ? `\n${gapMark(Math.max(0, lines))}\n` : ` ${gapMark(Math.max(0, lines))} `;
}

/** What to write before the first kept part of a text: empty where it is the text's first. */
export function openingOf({ part }: TreeNode): string {
  return part === undefined || part.isFirst ? "" : `${gapMark(part.line)}${part.joint === "\n" ? "\n" : " "}`;
}

/** What to write behind the last kept part of a text: empty where nothing but blanks is left. */
export function endingOf({ part }: TreeNode): string {
  return part === undefined || part.isLast ? "" : ` ${gapMark(part.linesAfter)}`;
}

/** Tells of the mark in what is written beside a part of a text. @returns what is written. */
export function noted(joint: string, node: TreeNode, onMark: OnMark | undefined): string {
  if (!onMark) return joint;
  const [mark, lines = ""] = /\[…(\d*)\]/.exec(joint) ?? [];
  if (mark !== undefined) onMark(mark, pathOf(node), lines === "" ? "part of a line" : `text with ${lines} line breaks`);
  return joint;
}

const breaksIn = ({ text = "" }: TreeNode): number => countLineBreaks(text, 0, text.length);
