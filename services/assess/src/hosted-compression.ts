// The compressor for another process: contexts in, contexts out, with no queue and no model that helps.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { CompressedContext, CompressionRequest } from "./compress.ts";
import { type assessSection, budgetRulesOf } from "./config.ts";
import { loadStrategies } from "./load-strategies.ts";
import { pricesOf } from "./target-prices.ts";
import { contextWorkOf } from "./workers/context-work.ts";
import { sizeOfItems } from "./workers/size-of-items.ts";

export interface HostedCompression {
  /** @throws NocpError UNKNOWN_STRATEGY, STRATEGY_NOT_CONFIGURED. */
  compress(request: CompressionRequest): Promise<CompressedContext>;
  /** Input tokens of a prompt, as the model counts them. */
  countPrompt(prompt: Prompt, model: string, signal: AbortSignal): Promise<number>;
  /** Tokens of texts, all together. */
  countTexts(texts: readonly string[], model: string, signal: AbortSignal): Promise<number>;
}

/** What is large is worked on in threads, which start when there is something for them. @param onRelease is told how they end. */
export async function openHostedCompression(
  settings: SectionValues<typeof assessSection>,
  onRelease: (release: () => Promise<void>) => void,
): Promise<HostedCompression> {
  const counterFor = (model: string | undefined) => createTokenCounter(model ?? settings.defaultModel);
  const own = {
    strategies: await loadStrategies(),
    counterFor,
    rules: budgetRulesOf(settings),
    pricesFor: pricesOf(settings.defaultModel, Date.now),
  };
  const work = contextWorkOf(settings, { ...own, services: {} }, onRelease);
  return {
    compress: (request) => work.compress(request, sizeOfItems(request.query, request.items)),
    countPrompt: (prompt, model, signal) => work.countPrompt(prompt, { counter: counterFor(model), signal }),
    countTexts: (texts, model, signal) => work.countTexts(texts, { counter: counterFor(model), signal }),
  };
}
