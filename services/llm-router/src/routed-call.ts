// The call of a step, made of its message and the settings.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import type { RouteCandidate, ToolChoice } from "@nocp/contracts/request.ts";
import type { PromptCacheSettings } from "@nocp/runtime/config/sections.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { TieredCall } from "./complete-in-tiers.ts";
import { type ReservedCall, type RoutedCall, reservationFor } from "./complete-with-fallback.ts";
import { callersTools, toolsAreLeft } from "./emission.ts";
import type { CallGate, GatedRequest } from "./gates/call-gate.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import { promptCachingOf } from "./prompt-caching.ts";
import type { Routing } from "./routing/create-routing.ts";
import type { RouteRequest } from "./routing/plan-route.ts";
import { routeRequestOf } from "./routing/route-request.ts";
import type { PromptWork } from "./workers/prompt-work.ts";

export interface RoutingDependencies {
  readonly providers: readonly InstalledProvider[];
  readonly routing: Routing;
  readonly settings: {
    readonly maxToolRounds: number;
    readonly maxOutputTokens: number;
    readonly degradedAnswers: boolean;
  };
  /** How often a message is tried before it fails. */
  readonly maxAttempts: number;
  readonly promptCache: PromptCacheSettings;
  /** What each call passes before it is made, in this order. */
  readonly gates: readonly CallGate[];
  /** In [0, 1). */
  readonly random: () => number;
  /** @throws the signal's reason when it fires. */
  readonly wait: RoutedCall["wait"];
  readonly recordContent: boolean;
  /** Whether spans have the attributes' former names, too. */
  readonly formerNames: boolean;
  /** Tokens of a text as the model counts them. */
  readonly counterFor: (model: string) => TokenCounter;
  readonly work: Pick<PromptWork, "reduceToFit">;
}

export interface PlannedCall extends Omit<TieredCall, "keepCalls"> {
  /** What the plan was made of. */
  readonly routeRequest: RouteRequest;
}

/** The call that a step makes, whichever candidate is called. @param earlier the calls of the step in earlier deliveries. */
export function routedCall(
  body: ContextOptimized,
  earlier: readonly ProviderAttempt[],
  dependencies: RoutingDependencies,
): PlannedCall {
  const { settings, providers, recordContent, formerNames, counterFor, random, wait, gates, maxAttempts } = dependencies;
  const { registry, observers } = dependencies.routing;
  const { routing, limits, session, stream } = body.request;
  const call = callOf(body, dependencies);
  const maxOutputTokens = limits.maxOutputTokens ?? settings.maxOutputTokens;
  const routeRequest = routeRequestOf(body, call, maxOutputTokens);
  const plan = dependencies.routing.plan(routeRequest);
  const priced = {
    providers,
    outputLimitOf: (candidate: RouteCandidate) => registry.describe(candidate).outputTokens,
    call,
    costCap: {
      maxCostUsd: limits.maxCostUsd,
      spentUsd: committedCost([...body.spent.attempts, ...earlier]),
      inputTokens: body.inputTokens.optimized,
      maxOutputTokens,
    },
    earlier,
  };
  return {
    ...priced,
    plan,
    routeRequest,
    route: plan.candidates,
    windowOf: (candidate) => registry.describe(candidate).contextTokens,
    observers,
    counterFor,
    reduceToFit: dependencies.work.reduceToFit,
    maxAttempts,
    extractive: (routing.fallback.degraded ?? settings.degradedAnswers) ? lastResortOf(providers) : undefined,
    request: gatedRequest(body, earlier, priced),
    before: [],
    streams: stream,
    isCallers: callersTools(body),
    wishes: { ...routing.fallback, onOutage: routing.onOutage },
    random,
    wait,
    gates,
    sessionId: session?.id,
    recordContent,
    formerNames,
    // The input as counted by assess, over the very messages that were sent.
    countTokens: (written, model) => ({
      inputTokens: body.inputTokens.optimized,
      outputTokens: written.reduce((sum, text) => sum + counterFor(model).count(text), 0),
    }),
  };
}

function lastResortOf(providers: readonly InstalledProvider[]): RouteCandidate | undefined {
  const found = providers.find(({ lastResort, configured }) => lastResort && configured);
  return found && { provider: found.name, model: found.defaultModel };
}

function callOf(body: ContextOptimized, { settings, promptCache }: RoutingDependencies): RoutedCall["call"] {
  const { routing, generation, output, native } = body.request;
  return {
    messages: promptMessages(body.prompt),
    prompt: body.prompt,
    tools: body.prompt.tools,
    toolChoice: toolChoiceOf(body, settings.maxToolRounds),
    ...(routing.temperature === undefined ? {} : { temperature: routing.temperature }),
    ...generation,
    ...(native === undefined ? {} : { native }),
    ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
    promptCaching: promptCachingOf(body, promptCache),
  };
}

function gatedRequest(
  { request: { tenant, key, tags }, step, spent, inputTokens, submittedAt }: ContextOptimized,
  earlier: readonly ProviderAttempt[],
  call: Omit<ReservedCall, "route">,
): GatedRequest {
  return {
    payer: { tenant, key, tags },
    isNew: step === 0 && earlier.length === 0,
    spent: [...spent.attempts, ...earlier],
    inputTokens: inputTokens.optimized,
    worstCaseUsdOf: (candidate) => {
      const reserved = reservationFor(candidate, call, 0, submittedAt);
      return reserved instanceof NocpError ? null : reserved.worstCaseUsd;
    },
  };
}

/** A choice is forced once: what the model does with the result is its own. */
function toolChoiceOf(body: ContextOptimized, maxToolRounds: number): ToolChoice {
  const { toolChoice, callerTools } = body.request;
  if (callerTools.length === 0 && !toolsAreLeft(body, maxToolRounds)) return "none";
  return body.step === 0 || toolChoice === "none" ? toolChoice : "auto";
}
