// Context items as plain text, and the tokens of that: what every saving is measured against.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { isExactNumber } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { parseQuestion } from "@nocp/text/questions/question.ts";
import { isForTerminals, plainTerminalText, withoutLooks } from "@nocp/text/structure/terminal-text.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { MeasuredItem, TerminalCodes } from "./compression-strategy.ts";

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

/**
 * The same, as a reader needs them: without what only a terminal shows, whose colours would cost more than the text, and
 * with the time of each message where the question is about time. The archive keeps the items as they came.
 */
export function measureReadable(items: readonly ContextItem[], query: string, counter: TokenCounter): MeasuredItem[] {
  const { wantsTime, times } = parseQuestion(query);
  const showsTimes = wantsTime || times.length > 0;
  return items.map((original) => {
    const rendered = renderItem(original);
    const plain = mayBeForTerminals(original, rendered) ? withTexts(original, plainTerminalText) : original;
    const item = showsTimes ? withTime(plain) : plain;
    if (item === original) return { item, text: rendered, tokens: counter.count(rendered) };
    const text = renderItem(item);
    const coded = showsTimes ? withTime(original) : original;
    const terminal = plain === original ? undefined : codesOf(coded, text, counter);
    return { item, original, text, tokens: counter.count(text), ...(terminal && { terminal }) };
  });
}

/** `user (2024-05-26T10:15:00Z)`: the role stands before all that is kept of a message. */
function withTime(item: ContextItem): ContextItem {
  if (item.kind !== "message" || item.at === undefined) return item;
  return { ...item, role: `${item.role} (${item.at})`, ...(item.role === "tool" ? { isToolResult: true } : {}) };
}

/** In JSON the characters stand escaped. */
const mayBeForTerminals = ({ kind }: ContextItem, rendered: string): boolean =>
  kind === "tool" ? /\\u001b|\\b|\\r(?!\\n)/.test(rendered) : isForTerminals(rendered);

/** @param plain the text of the item without its codes. @returns undefined where it had none. */
function codesOf(item: ContextItem, plain: string, counter: TokenCounter): TerminalCodes | undefined {
  const text = renderItem(item);
  if (plain === text) return undefined;
  return { item, text, tokens: counter.count(text), overwrote: renderItem(withTexts(item, withoutLooks)) !== plain };
}

type ChangeText = (text: string) => string;

function withTexts(item: ContextItem, change: ChangeText): ContextItem {
  if (item.kind === "tool") return { ...item, data: withStrings(item.data, change, 0) as typeof item.data };
  return { ...item, text: change(item.text) };
}

/** Below this nesting, strings stay as they are. */
const deepestLevel = 64;

function withStrings(value: unknown, change: ChangeText, depth: number): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null || depth > deepestLevel || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map((element) => withStrings(element, change, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withStrings(field, change, depth + 1)]));
}
