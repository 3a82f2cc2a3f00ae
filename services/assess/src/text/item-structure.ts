// The structure of an item that is a text, read once however many strategies look at it.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import type { Structure } from "@nocp/text/structure/unit.ts";
import { type TextResult, textResultOf } from "./text-result.ts";

export interface ItemText extends TextResult {
  readonly structure: Structure;
}

/** Keyed by the item itself: what was read goes with it. */
const known = new WeakMap<ContextItem, ItemText | null>();

/** @returns undefined for a tool's result that is no text. */
export function itemTextOf(item: ContextItem): ItemText | undefined {
  const before = known.get(item);
  if (before !== undefined) return before ?? undefined;
  const result = resultOf(item);
  const read = result === undefined ? null : { ...result, structure: parseStructure(result.text, result.name) };
  known.set(item, read);
  return read ?? undefined;
}

function resultOf(item: ContextItem): TextResult | undefined {
  if (item.kind === "tool") return textResultOf(item.data);
  return { text: item.text, about: "", key: "", name: item.kind === "document" ? item.title : "" };
}
