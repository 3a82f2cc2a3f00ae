// Which part of a conversation the vendor is expected to have cached: what stood there at the last request, and was sent lately.
import type { ConversationMessage } from "@nocp/contracts/request.ts";
import type { CollectedContext } from "./collect-context.ts";
import type { CompressionRequest } from "./compress.ts";

/**
 * @param cacheMs how long vendors keep a prefix; 0 for not at all.
 * @param at milliseconds since the epoch: when the request came.
 * @returns undefined when nothing was sent before, or too long ago. A message without a time counts as recent.
 */
export async function cachedPrefix(
  { earlier, recent }: Pick<CollectedContext, "earlier" | "recent">,
  cacheMs: number,
  at: number,
  countTexts: (texts: readonly string[]) => Promise<number>,
): Promise<CompressionRequest["cached"]> {
  const conversation = [...earlier.map(({ message }) => message), ...recent];
  const answered = conversation.findLast(({ role }) => role === "assistant");
  if (cacheMs === 0 || answered === undefined || ageOf(answered, at) > cacheMs) return undefined;
  return {
    itemIds: new Set(earlier.map(({ item }) => item.id)),
    tokensAfter: await countTexts(recent.map(({ text }) => text)),
  };
}

const ageOf = (message: ConversationMessage, at: number): number => (message.at === undefined ? 0 : at - Date.parse(message.at));
