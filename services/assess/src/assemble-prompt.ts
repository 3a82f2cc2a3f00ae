// The prompt of a request whose sources were laid out and compressed, and what the next question is to know of it.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import { buildPrompt, type ConversationPart, type PromptTexts } from "./build-prompt.ts";
import type { CollectedContext } from "./collect-context.ts";
import type { CompressedContext } from "./compress.ts";
import type { MarkFor } from "./context-mark.ts";
import { renderItem } from "./measure-items.ts";
import type { PromptLayout } from "./prompt-layout.ts";

export interface PromptParts {
  /** Undefined: the context goes in raw. */
  readonly result: CompressedContext | undefined;
  readonly conversation: ConversationPart | undefined;
  /** Tokens of texts, all together. */
  readonly countTexts: (texts: readonly string[]) => Promise<number>;
}

/** Builds it, and remembers what was sent with the question where that is to stay. */
export async function assemblePrompt(
  message: ToolsCompleted,
  layout: PromptLayout,
  { result, conversation, countTexts }: PromptParts,
  markFor: MarkFor,
): Promise<Prompt> {
  const { left } = layout;
  const sources = result?.pieces.slice(0, left.sources.length);
  const texts = result ? compressedTexts(left, referring(result, layout)) : textsOf(left, itemsOf(left).map(renderItem), false);
  const prompt = buildPrompt(message, left, texts, markFor, conversation, layout);
  const { context: text, contextMark: mark, contextStays } = prompt;
  if (contextStays) layout.sent({ text, tokens: await countTexts([text]), mark }, sources, layout.standing);
  return prompt;
}

/** Where nothing is added to what stands, its references are those that stand there. */
function referring(result: CompressedContext, { standing, left }: PromptLayout): CompressedContext {
  const isAdded = result.pieces.some(({ text, removed }, at) => (at < left.sources.length ? text !== "" : removed));
  return standing.contexts.size > 0 && !isAdded ? { ...result, referenceLine: "" } : result;
}

/** Sources, earlier messages, round results: the one order in which items are compressed and handed back. */
export const itemsOf = ({ sources, earlier, roundItems }: CollectedContext): ContextItem[] => [
  ...sources,
  ...earlier.map(({ item }) => item),
  ...roundItems.flat().filter((item) => item !== undefined),
];

function compressedTexts(collected: CollectedContext, { pieces, referenceLine }: CompressedContext): PromptTexts {
  const first = collected.sources.length;
  const earlierChanged = collected.earlier.some(({ item }, at) => pieces[first + at]?.text !== renderItem(item));
  const texts = textsOf(
    collected,
    pieces.map((piece) => piece.text),
    earlierChanged,
  );
  return { ...texts, referenceLine };
}

/** @param texts one for each of `itemsOf`, in that order. */
export function textsOf(
  { sources, earlier, roundItems }: CollectedContext,
  texts: readonly string[],
  earlierChanged: boolean,
): PromptTexts {
  const rest = texts.slice(sources.length + earlier.length);
  let next = 0;
  return {
    sources: texts.slice(0, sources.length),
    earlier: earlierChanged ? texts.slice(sources.length, sources.length + earlier.length) : undefined,
    roundItems: roundItems.map((items) => items.map((item) => (item === undefined ? undefined : rest[next++]))),
  };
}
