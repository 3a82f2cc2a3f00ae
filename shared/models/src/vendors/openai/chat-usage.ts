// Usage as servers of Chat Completions report it. They agree on two names and on little else.
import { z } from "zod";
import { optional, tokenCount } from "../../answers/lenient.ts";
import type { ReportedUsage } from "../../reported-usage.ts";

export const chatUsageSchema = z.object({
  prompt_tokens: tokenCount,
  completion_tokens: tokenCount,
  total_tokens: tokenCount,
  prompt_tokens_details: optional(z.object({ cached_tokens: tokenCount, cache_write_tokens: tokenCount })),
  completion_tokens_details: optional(z.object({ reasoning_tokens: tokenCount })),
  /** DeepSeek (api-docs.deepseek.com/api/create-chat-completion). */
  prompt_cache_hit_tokens: tokenCount,
  prompt_cache_miss_tokens: tokenCount,
  /** Moonshot (platform.moonshot.ai/docs/api/chat). */
  cached_tokens: tokenCount,
});
type ChatUsage = z.infer<typeof chatUsageSchema>;

/** @returns `null` when nothing is said of tokens. */
export function reportedByChat(usage: ChatUsage | null | undefined): ReportedUsage | null {
  if (!usage) return null;
  const total = usage.total_tokens ?? null;
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  const inputTokens = usage.prompt_tokens ?? promptByCache(usage) ?? difference(total, usage.completion_tokens);
  const outputTokens = outputOf(usage.completion_tokens ?? difference(total, inputTokens), inputTokens, reasoningTokens, total);
  if (inputTokens === null && outputTokens === null) return null;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    cacheWriteOneHourTokens: 0,
    reasoningTokens,
  };
}

const promptByCache = ({ prompt_cache_hit_tokens: hit, prompt_cache_miss_tokens: miss }: ChatUsage): number | null =>
  typeof hit === "number" && typeof miss === "number" ? hit + miss : null;

const difference = (total: number | null | undefined, part: number | null | undefined): number | null =>
  typeof total === "number" && typeof part === "number" && total >= part ? total - part : null;

/** xAI counts reasoning beside the completion: its total is the sum of three (docs.x.ai/docs/guides/reasoning). */
function outputOf(completion: number | null, input: number | null, reasoning: number, total: number | null): number | null {
  const isBeside = completion !== null && reasoning > 0 && total === (input ?? 0) + completion + reasoning;
  return isBeside ? completion + reasoning : completion;
}
