// Context items as plain text, and the tokens of that: what every saving is measured against.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { MeasuredItem } from "./compression-strategy.ts";

/** The plain rendering: `title⏎text`, `role: text` or `name: {compact JSON}`. */
export function renderItem(item: ContextItem): string {
  switch (item.kind) {
    case "document":
      return item.title === "" ? item.text : `${item.title}\n${item.text}`;
    case "message":
      return `${item.role}: ${item.text}`;
    case "tool":
      return `${item.name}: ${writeJson(item.data)}`;
  }
}

/** Each text is counted once. */
export function measureItems(items: readonly ContextItem[], counter: TokenCounter): MeasuredItem[] {
  return items.map((item) => {
    const text = renderItem(item);
    return { item, text, tokens: counter.count(text) };
  });
}

export const sumTokens = (items: readonly { readonly tokens: number }[]): number =>
  items.reduce((sum, { tokens }) => sum + tokens, 0);

/** One text of what is left of items: documents are set apart by a blank line, other items by a line break. */
export function joinTexts(items: readonly MeasuredItem[], texts: readonly { readonly text: string }[]): string {
  let joined = "";
  texts.forEach(({ text }, at) => {
    if (text === "") return;
    const separator = items[at]?.item.kind === "document" ? "\n\n" : "\n";
    joined += joined === "" ? text : `${separator}${text}`;
  });
  return joined;
}
