// What a request's route would be, with nobody called: for ./nocp route.

import { type Prompt, promptMessages } from "@nocp/contracts/prompt.ts";
import { type NocpRequest, questionOf, type RouteCandidate } from "@nocp/contracts/request.ts";
import { modelTiers } from "@nocp/contracts/route.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import { promptCacheSection } from "@nocp/runtime/config/sections.ts";
import { installProviders } from "../installed-provider.ts";
import { promptCachingOf } from "../prompt-caching.ts";
import { parseCandidate } from "../route.ts";
import { checkRoutingSettings } from "./check-settings.ts";
import { createRouting } from "./create-routing.ts";
import type { ModelDescription } from "./model-registry.ts";
import { routeRequestOf } from "./route-request.ts";

/** A model as routing sees it. */
export interface RoutableModel extends ModelDescription {
  /** US dollars for a million tokens; `null` when unknown. */
  readonly inputUsdPerMillion: number | null;
  readonly outputUsdPerMillion: number | null;
}

export interface ExplainedCandidate extends RoutableModel {
  /** In which it is called; `null` for one that is left out. */
  readonly place: number | null;
  readonly why: string;
}

export interface ExplainedRoute {
  readonly strategy: string;
  /** Whether the same request always has this route; otherwise it is one of several. */
  readonly isRepeatable: boolean;
  /** Of the whole request, before compression. */
  readonly inputTokens: number;
  readonly candidates: readonly ExplainedCandidate[];
}

export interface RouteExplainer {
  /** @throws NocpError NO_PROVIDER, INVALID_REQUEST */
  explain(request: NocpRequest): ExplainedRoute;
  /** Every model that the settings name, and the default model of every provider that has one. */
  models(): readonly RoutableModel[];
}

/** @throws NocpError INVALID_CONFIGURATION */
export function createRouteExplainer(config: Config): RouteExplainer {
  const settings = config.section(routerSection);
  const providers = installProviders(vendors, config, () => ({ fetch }), settings.models);
  checkRoutingSettings(settings, providers);
  const routing = createRouting({ providers, settings, read: (section) => config.section(section) });
  const priced = (candidate: RouteCandidate): RoutableModel => ({
    ...routing.registry.describe(candidate),
    inputUsdPerMillion: routing.registry.estimateUsd(candidate, 1e6, 0),
    outputUsdPerMillion: routing.registry.estimateUsd(candidate, 0, 1e6),
  });
  return {
    explain(request) {
      const prompt = promptOf(request);
      const call = {
        messages: promptMessages(prompt),
        prompt,
        tools: prompt.tools,
        toolChoice: request.toolChoice,
        ...request.generation,
        ...(request.output.schema === undefined ? {} : { outputSchema: request.output.schema }),
        promptCaching: promptCachingOf({ request, prompt }, config.section(promptCacheSection)),
      };
      const counter = createTokenCounter(request.routing.model ?? "");
      const raw = call.messages.reduce((sum, { text }) => sum + counter.count(text), 0);
      const lane = request.lane ?? "interactive";
      const spent = { attempts: [], costUsd: 0 };
      const step = { request, lane, inputTokens: { raw, optimized: raw }, step: 0, spent };
      const plan = routing.plan(routeRequestOf(step, call, request.limits.maxOutputTokens ?? settings.maxOutputTokens));
      return {
        strategy: plan.strategy,
        isRepeatable: plan.isRepeatable,
        inputTokens: raw,
        candidates: [
          ...plan.candidates.map((one, index) => ({ ...priced(one), place: index + 1, why: one.why })),
          ...plan.unfit.map((one) => ({ ...priced(one), place: null, why: one.why })),
        ],
      };
    },
    models() {
      const named = [
        ...providers.filter(({ defaultModel }) => defaultModel !== "").map(({ name }) => name),
        ...modelTiers.flatMap((tier) => settings.tiers[tier] ?? []),
        ...Object.values(settings.groups).flatMap(({ candidates }) => candidates),
        ...Object.keys(settings.models).filter((name) => name.includes("/")),
      ];
      const candidates = named.flatMap((text) => parseCandidate(text, providers) ?? []);
      const byName = new Map(candidates.map((one) => [`${one.provider}/${one.model}`, one]));
      return [...byName.values()].map(priced);
    },
  };
}

/** All that a request brings, as one prompt: what assess would leave of it is not known here. */
const promptOf = (request: NocpRequest): Prompt => ({
  ...(request.framing === undefined ? {} : { framing: request.framing }),
  system: "",
  context: request.documents.map(({ title, text }) => `${title}\n${text}`).join("\n"),
  query: request.query === undefined ? "" : questionOf(request),
  ...(request.parts.length > 0 ? { queryParts: request.parts } : {}),
  history: request.messages,
  toolRounds: [],
  tools: [...request.callerTools, ...request.offerTools.map((name) => ({ name, description: "", parameters: {} }))],
});
