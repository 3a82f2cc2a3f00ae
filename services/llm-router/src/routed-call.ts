// The call of a step, made of its message and the settings.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import type { ToolChoice } from "@nocp/contracts/request.ts";
import type { PromptCacheSettings } from "@nocp/runtime/config/sections.ts";
import type { RoutedCall } from "./complete-with-fallback.ts";
import { toolsAreLeft } from "./emission.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import { promptCachingOf } from "./prompt-caching.ts";
import type { QuotaLimiter } from "./quotas/turn.ts";
import { type RouteSettings, routeOf } from "./route.ts";

/** Milliseconds. */
export interface QuotaWaits {
  readonly maxQuotaWaitMs: number;
  readonly maxBatchQuotaWaitMs: number;
}

export interface RoutingDependencies {
  readonly providers: readonly InstalledProvider[];
  readonly settings: RouteSettings & { readonly maxToolRounds: number; readonly maxOutputTokens: number } & QuotaWaits;
  readonly promptCache: PromptCacheSettings;
  readonly quotas: QuotaLimiter;
  /** In [0, 1). */
  readonly random: () => number;
  /** @throws the signal's reason when it fires. */
  readonly wait: RoutedCall["wait"];
  readonly recordContent: boolean;
  /** Tokens of a text as the model counts them. */
  readonly countTokens: (text: string, model: string) => number;
}

/** The call that a step makes, whichever candidate is called. @param earlier the calls of the step in earlier deliveries. */
export function routedCall(
  body: ContextOptimized,
  earlier: readonly ProviderAttempt[],
  dependencies: RoutingDependencies,
): Omit<RoutedCall, "keepCalls"> {
  const { settings, providers, recordContent, countTokens, random, wait, quotas } = dependencies;
  const { routing, generation, limits, output, session, stream, native } = body.request;
  return {
    route: routeOf(routing, providers, settings),
    providers,
    call: {
      messages: promptMessages(body.prompt),
      prompt: body.prompt,
      tools: body.prompt.tools,
      toolChoice: toolChoiceOf(body, settings.maxToolRounds),
      ...(routing.temperature === undefined ? {} : { temperature: routing.temperature }),
      ...generation,
      ...(native === undefined ? {} : { native }),
      ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
      promptCaching: promptCachingOf(body, dependencies.promptCache),
    },
    costCap: {
      maxCostUsd: limits.maxCostUsd,
      spentUsd: committedCost([...body.spent.attempts, ...earlier]),
      inputTokens: body.inputTokens.optimized,
      maxOutputTokens: limits.maxOutputTokens ?? settings.maxOutputTokens,
    },
    earlier,
    streams: stream,
    wishes: routing.fallback,
    random,
    wait,
    quotas,
    tenant: body.request.tenant,
    maxQuotaWaitMs: { interactive: settings.maxQuotaWaitMs, batch: settings.maxBatchQuotaWaitMs },
    sessionId: session?.id,
    recordContent,
    // The input as counted by assess, over the very messages that were sent.
    countTokens: (written, model) => ({
      inputTokens: body.inputTokens.optimized,
      outputTokens: written.reduce((sum, text) => sum + countTokens(text, model), 0),
    }),
  };
}

/** A choice is forced once: what the model does with the result is its own. */
function toolChoiceOf(body: ContextOptimized, maxToolRounds: number): ToolChoice {
  const { toolChoice, callerTools } = body.request;
  if (callerTools.length === 0 && !toolsAreLeft(body, maxToolRounds)) return "none";
  return body.step === 0 || toolChoice === "none" ? toolChoice : "auto";
}
