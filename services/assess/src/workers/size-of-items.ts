// How much work a compression makes.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { sizeOfText } from "@nocp/runtime/workers/work-size.ts";
import { renderItem } from "../measure-items.ts";

/** The question counts: it is read as closely as the items. */
export const sizeOfItems = (query: string, items: readonly ContextItem[]): number =>
  items.reduce((sum, item) => sum + sizeOfText(renderItem(item)), sizeOfText(query));
