// A JSON value as a tree of nodes, each under a column: the path with positions left out. Iterative, so that depth is no danger.
import { contentOf, fragmentCharacters, fragmentsOf, type TextPart } from "./string-content.ts";
import { kindOfText, type ValueKind } from "./value-kind.ts";
import { isContainer, isMapOfAlike, positionNames, type Surrounding } from "./value-shapes.ts";

/** What all values at one path have in common; elements of a collection share one column. */
export interface Column {
  readonly key: string;
  readonly parent: Column | null;
  /** Elements of a list or of a map with alike values; their own key is a position or a name, not a word of the schema. */
  readonly isElement: boolean;
  readonly children: Map<string, Column>;
  /** Leaves under this very column. */
  leafCount: number;
  /** Containers under this very column. */
  containerCount: number;
  /** Distinct texts, counted up to `distinctLimit`. */
  readonly counts: Map<string, number>;
  numberCount: number;
  timestampCount: number;
  emptyCount: number;
  /** URLs and opaque identifiers. */
  noiseCount: number;
  order: number;
}

export interface TreeNode {
  readonly key: string;
  readonly parent: TreeNode | null;
  readonly column: Column;
  /** Text of a scalar; undefined for a container. */
  readonly text: string | undefined;
  readonly kind: ValueKind;
  /** On a part of a longer text: where it stands there. */
  readonly part: TextPart | undefined;
  /** Elements of a list or map, fields of an object; 0 for a scalar. */
  size: number;
  /** Position among all leaves, in the order of the document; -1 for a container. */
  readonly leafIndex: number;
  readonly depth: number;
}

export interface ValueTree {
  readonly root: TreeNode;
  readonly leaves: TreeNode[];
  readonly columns: Column[];
}

export const distinctLimit = 256;
/** Containers below this depth are flattened into their ancestor: nobody asks for level 65 by its path. */
const deepestLevel = 48;
/** The column of a map's keys. */
export const mapKeyColumn = "key";

function createColumn(key: string, parent: Column | null, isElement: boolean, order: number): Column {
  return {
    key,
    parent,
    isElement,
    children: new Map(),
    leafCount: 0,
    containerCount: 0,
    counts: new Map(),
    numberCount: 0,
    timestampCount: 0,
    emptyCount: 0,
    noiseCount: 0,
    order,
  };
}

interface Frame extends Surrounding {
  readonly node: TreeNode;
  /** Names for the positions of a list, when it is a row of a table of lists. */
  readonly positions: readonly string[] | null;
  /** For a list of lists: names for the positions of its elements. */
  readonly elementPositions: readonly string[] | null;
  readonly isMap: boolean;
  next: number;
}

/**
 * Builds the tree of a parsed JSON value.
 * @param rootKey how the root is called, e.g. the tool's name.
 */
export function createValueTree(value: unknown, rootKey: string): ValueTree {
  const leaves: TreeNode[] = [];
  const columns: Column[] = [];
  const columnOf = (parent: Column | null, key: string, isElement: boolean): Column => {
    const id = isElement ? "\u0000" : key;
    const known = parent?.children.get(id);
    if (known) return known;
    const column = createColumn(key, parent, isElement, columns.length);
    columns.push(column);
    parent?.children.set(id, column);
    return column;
  };
  const addLeaf = (
    key: string,
    parent: TreeNode | null,
    column: Column,
    text: string,
    kind: ValueKind,
    part: TextPart | undefined = undefined,
  ) => {
    const depth = (parent?.depth ?? -1) + 1;
    leaves.push({ key, parent, column, text, kind, part, size: 0, leafIndex: leaves.length, depth });
    countLeaf(column, text, kind);
  };
  const addContainer = (key: string, parent: TreeNode | null, column: Column, size: number): TreeNode => {
    column.containerCount++;
    const depth = (parent?.depth ?? -1) + 1;
    return { key, parent, column, text: undefined, kind: "word", part: undefined, size, leafIndex: -1, depth };
  };

  const frames: Frame[] = [];
  const visit = (key: string, parent: TreeNode | null, column: Column, child: unknown, frame: Frame | null): void =>
    visitContent(key, parent, column, contentOf(child), frame);
  const visitContent = (key: string, parent: TreeNode | null, column: Column, content: unknown, frame: Frame | null): void => {
    if (!isContainer(content)) {
      addScalar(key, parent, column, content);
      return;
    }
    const list = Array.isArray(content);
    const keys = list ? null : Object.keys(content);
    const size = list ? content.length : (keys as string[]).length;
    if (size === 0) {
      addLeaf(key, parent, column, list ? "[]" : "{}", "empty");
      return;
    }
    const flattened = parent !== null && parent.depth >= deepestLevel;
    const node = flattened ? parent : addContainer(key, parent, column, size);
    const positions = list ? (frame?.elementPositions ?? null) : null;
    frames.push({
      node,
      value: content,
      keys,
      positions: positions?.length === size ? positions : null,
      elementPositions: list ? positionNames(content, frame) : null,
      isMap: keys !== null && isMapOfAlike(content as Record<string, unknown>, keys),
      next: 0,
    });
  };
  const addScalar = (key: string, parent: TreeNode | null, column: Column, child: unknown): void => {
    if (typeof child !== "string") {
      const kind = child === null || child === undefined ? "empty" : typeof child === "boolean" ? "boolean" : "number";
      addLeaf(key, parent, column, String(child), kind);
      return;
    }
    const kind = kindOfText(child);
    if (kind !== "prose" || child.length <= fragmentCharacters) addLeaf(key, parent, column, child, kind);
    else for (const { text, part } of fragmentsOf(child)) addLeaf(key, parent, column, text, "prose", part);
  };

  const rootColumn = columnOf(null, rootKey, false);
  const content = contentOf(value);
  let root: TreeNode;
  if (isContainer(content) && Object.keys(content).length > 0) {
    visitContent(rootKey, null, rootColumn, content, null);
    root = (frames[0] as Frame).node;
  } else {
    // A value alone is the only element of a list.
    root = addContainer(rootKey, null, rootColumn, 1);
    visitContent("0", root, columnOf(rootColumn, "", true), content, null);
  }
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    const { node, value: container, keys } = frame;
    const index = frame.next++;
    if (keys === null) {
      const list = container as unknown[];
      if (index >= list.length) {
        frames.pop();
        continue;
      }
      const name = frame.positions?.[index];
      const column = name === undefined ? columnOf(node.column, "", true) : columnOf(node.column, name, false);
      visit(name ?? String(index), node, column, list[index], frame);
      continue;
    }
    const key = keys[index];
    if (key === undefined) {
      frames.pop();
      continue;
    }
    const child = (container as Record<string, unknown>)[key];
    if (!frame.isMap) visit(key, node, columnOf(node.column, key, false), child, frame);
    else visitMapEntry(key, node, child, frame);
  }
  return { root, leaves, columns };

  function visitMapEntry(key: string, node: TreeNode, child: unknown, frame: Frame): void {
    const element = columnOf(node.column, "", true);
    const before = frames.length;
    visit(key, node, element, child, frame);
    const opened = frames.length > before ? frames.at(-1) : undefined;
    if (opened && opened.node !== node)
      addLeaf(mapKeyColumn, opened.node, columnOf(element, mapKeyColumn, false), key, kindOfText(key));
  }
}

function countLeaf(column: Column, text: string, kind: ValueKind): void {
  column.leafCount++;
  if (kind === "empty") column.emptyCount++;
  else if (kind === "number") column.numberCount++;
  else if (kind === "timestamp") column.timestampCount++;
  else if (kind === "url" || kind === "opaque") column.noiseCount++;
  if (column.counts.size === distinctLimit && column.leafCount > 4 * distinctLimit) return;
  const seen = column.counts.get(text);
  if (seen !== undefined) column.counts.set(text, seen + 1);
  else if (column.counts.size < distinctLimit) column.counts.set(text, 1);
}
