// How a line in the context names an earlier item, so that its reader finds the one that is meant.
import type { ContextItem } from "@nocp/contracts/context-item.ts";

export interface EarlierItems {
  /** The next item of the request; `repeats` is the position of the one that a line in its place points to. */
  add(item: ContextItem, repeats?: number): void;
  /** Of the item at a position that was added: its title, how it begins, or its tool; numbered where several share that. */
  nameOf(position: number): string;
  /** Whether the last item under the title, or of the tool, of `item` is the one at the position or a line that points to it. */
  isLastOfName(position: number, item: ContextItem): boolean;
}

interface NamedItem {
  readonly item: ContextItem;
  readonly name: string;
  /** From 1, among the items of its name. */
  readonly ordinal: number;
}

/** Only items that came before decide about a name: it stays the same when later ones are added. */
export function createEarlierItems(): EarlierItems {
  const added: NamedItem[] = [];
  const groups = new Map<string, { count: number; last: number }>();
  return {
    add(item, repeats) {
      const name = nameOfItem(item);
      const group = groups.get(name) ?? { count: 0, last: -1 };
      if (repeats === undefined || showsName(item)) group.count++;
      group.last = repeats ?? added.length;
      groups.set(name, group);
      added.push({ item, name, ordinal: group.count });
    },
    nameOf(position) {
      const { item, name, ordinal } = added[position] as NamedItem;
      const isOnly = groups.get(name)?.count === 1;
      if (item.kind === "tool") return isOnly ? `the result of ${name}` : `result ${ordinal} of ${name}`;
      if (isOnly) return showsName(item) ? name : `the ${item.kind} that begins ${name}`;
      return `${item.kind} ${ordinal} ${showsName(item) ? "titled" : "that begins"} ${name}`;
    },
    isLastOfName: (position, item) => showsName(item) && groups.get(nameOfItem(item))?.last === position,
  };
}

const beginningLength = 40;

/** A line in place of the item stands behind its name. */
const showsName = (item: ContextItem): boolean => item.kind === "tool" || (item.kind === "document" && item.title !== "");

function nameOfItem(item: ContextItem): string {
  if (item.kind === "tool") return item.name;
  if (item.kind === "document" && item.title !== "") return `"${item.title}"`;
  return `"${item.text.trim().slice(0, beginningLength).toWellFormed().replace(/\s+/g, " ").trimEnd()}…"`;
}
