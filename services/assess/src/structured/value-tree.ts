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
  const builder = new TreeBuilder();
  const root = builder.build(value, rootKey);
  return { root, leaves: builder.leaves, columns: builder.columns };
}

class TreeBuilder {
  readonly leaves: TreeNode[] = [];
  readonly columns: Column[] = [];
  /** The containers around what is visited next, the innermost last. */
  readonly #frames: Frame[] = [];

  build(value: unknown, rootKey: string): TreeNode {
    const column = this.#columnOf(null, rootKey, false);
    const content = contentOf(value);
    let root: TreeNode;
    if (isContainer(content) && Object.keys(content).length > 0) {
      this.#visitContent(rootKey, null, column, content, null);
      root = (this.#frames[0] as Frame).node;
    } else {
      // A value alone is the only element of a list.
      root = addContainer(rootKey, null, column, 1);
      this.#visitContent("0", root, this.#columnOf(column, "", true), content, null);
    }
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) this.#visitNext(frame);
    return root;
  }

  /** The next element or field of a container; the container is left when there is none. */
  #visitNext(frame: Frame): void {
    const index = frame.next++;
    const { keys, value } = frame;
    if (index >= (keys ?? (value as unknown[])).length) this.#frames.pop();
    else if (keys === null) this.#visitElement(index, frame);
    else this.#visitField(keys[index] as string, frame);
  }

  #visitElement(index: number, frame: Frame): void {
    const { node, value } = frame;
    const name = frame.positions?.[index];
    const column = name === undefined ? this.#columnOf(node.column, "", true) : this.#columnOf(node.column, name, false);
    this.#visit(name ?? String(index), node, column, (value as unknown[])[index], frame);
  }

  #visitField(key: string, frame: Frame): void {
    const { node, value } = frame;
    const child = (value as Record<string, unknown>)[key];
    if (frame.isMap) this.#visitMapEntry(key, node, child, frame);
    else this.#visit(key, node, this.#columnOf(node.column, key, false), child, frame);
  }

  #visitMapEntry(key: string, node: TreeNode, child: unknown, frame: Frame): void {
    const element = this.#columnOf(node.column, "", true);
    const before = this.#frames.length;
    this.#visit(key, node, element, child, frame);
    const opened = this.#frames.length > before ? this.#frames.at(-1) : undefined;
    if (opened && opened.node !== node)
      this.#addLeaf(mapKeyColumn, opened.node, this.#columnOf(element, mapKeyColumn, false), key, kindOfText(key));
  }

  #visit(key: string, parent: TreeNode | null, column: Column, child: unknown, frame: Frame | null): void {
    this.#visitContent(key, parent, column, contentOf(child), frame);
  }

  #visitContent(key: string, parent: TreeNode | null, column: Column, content: unknown, frame: Frame | null): void {
    if (!isContainer(content)) {
      this.#addScalar(key, parent, column, content);
      return;
    }
    const list = Array.isArray(content);
    const keys = list ? null : Object.keys(content);
    const size = list ? content.length : (keys as string[]).length;
    if (size === 0) {
      this.#addLeaf(key, parent, column, list ? "[]" : "{}", "empty");
      return;
    }
    const flattened = parent !== null && parent.depth >= deepestLevel;
    const node = flattened ? parent : addContainer(key, parent, column, size);
    const positions = list ? (frame?.elementPositions ?? null) : null;
    this.#frames.push({
      node,
      value: content,
      keys,
      positions: positions?.length === size ? positions : null,
      elementPositions: list ? positionNames(content, frame) : null,
      isMap: keys !== null && isMapOfAlike(content as Record<string, unknown>, keys),
      next: 0,
    });
  }

  #addScalar(key: string, parent: TreeNode | null, column: Column, child: unknown): void {
    if (typeof child !== "string") {
      const kind = child === null || child === undefined ? "empty" : typeof child === "boolean" ? "boolean" : "number";
      this.#addLeaf(key, parent, column, String(child), kind);
      return;
    }
    const kind = kindOfText(child);
    if (kind !== "prose" || child.length <= fragmentCharacters) this.#addLeaf(key, parent, column, child, kind);
    else for (const { text, part } of fragmentsOf(child)) this.#addLeaf(key, parent, column, text, "prose", part);
  }

  #addLeaf(
    key: string,
    parent: TreeNode | null,
    column: Column,
    text: string,
    kind: ValueKind,
    part: TextPart | undefined = undefined,
  ): void {
    const depth = (parent?.depth ?? -1) + 1;
    this.leaves.push({ key, parent, column, text, kind, part, size: 0, leafIndex: this.leaves.length, depth });
    countLeaf(column, text, kind);
  }

  #columnOf(parent: Column | null, key: string, isElement: boolean): Column {
    const id = isElement ? "\u0000" : key;
    const known = parent?.children.get(id);
    if (known) return known;
    const column = createColumn(key, parent, isElement, this.columns.length);
    this.columns.push(column);
    parent?.children.set(id, column);
    return column;
  }
}

function addContainer(key: string, parent: TreeNode | null, column: Column, size: number): TreeNode {
  column.containerCount++;
  const depth = (parent?.depth ?? -1) + 1;
  return { key, parent, column, text: undefined, kind: "word", part: undefined, size, leafIndex: -1, depth };
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
