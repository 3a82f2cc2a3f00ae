// What is known of every model that a route may lead to: the vendors' tables, and over them the settings.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { type ModelTier, modelTiers } from "@nocp/contracts/route.ts";
import { type Capabilities, capabilitiesOf } from "@nocp/models/capabilities.ts";
import { modelLimitsOf } from "@nocp/models/model-limits.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { ModelSettings } from "@nocp/models/routing-settings.ts";
import { type InstalledProvider, installedFor } from "../installed-provider.ts";
import { parseCandidate } from "../route.ts";
import { tierOf } from "./tier.ts";

export interface ModelDescription extends RouteCandidate {
  readonly isConfigured: boolean;
  readonly tier: ModelTier;
  /** Empty when no setting names it. */
  readonly region: string;
  /** Infinity where nobody says. */
  readonly contextTokens: number;
  readonly outputTokens: number;
  readonly parts: Capabilities["parts"];
  readonly features: Capabilities["features"];
  /** Whether it thinks before it writes, by itself or when asked to. */
  readonly reasons: boolean;
}

export interface ModelRegistry {
  readonly providers: readonly InstalledProvider[];
  /** @throws NocpError NO_PROVIDER */
  describe(candidate: RouteCandidate): ModelDescription;
  /** US dollars of an uncached call; `null` when the price is unknown. */
  estimateUsd(candidate: RouteCandidate, inputTokens: number, outputTokens: number): number | null;
  /** The candidate at every account of its provider, its own first; all in the order of the settings. */
  accountsOf(candidate: RouteCandidate): RouteCandidate[];
  /** Whether both are one model of one vendor, though perhaps through two accounts. */
  isSameModel(one: RouteCandidate, other: RouteCandidate): boolean;
}

export interface RegistryOptions {
  readonly providers: readonly InstalledProvider[];
  readonly models: Readonly<Record<string, ModelSettings>>;
  readonly tiers: Readonly<Partial<Record<ModelTier, readonly string[]>>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Names of models come with requests: the memory of them is bounded. */
const rememberedModels = 1_000;

export function createModelRegistry({ providers, models, tiers, now }: RegistryOptions): ModelRegistry {
  const tierOfName = listedTiers(tiers, providers);
  const described = new Map<string, ModelDescription>();
  const ownerOf = (provider: string): string => providers.find(({ name }) => name === provider)?.accountOf ?? provider;
  const describe = (candidate: RouteCandidate): ModelDescription => {
    const { provider, model } = candidate;
    const key = `${provider}/${model}`;
    const known = described.get(key);
    if (known) return known;
    if (described.size >= rememberedModels) described.clear();
    const installed = installedFor(candidate, providers);
    const own = { ...models[provider], ...models[`${ownerOf(provider)}/${model}`], ...models[key] };
    const limits = modelLimitsOf(installed.capabilities, installed.pricing, model);
    const { parts, features, dialect } = capabilitiesOf(installed.capabilities, model);
    const refused = Object.fromEntries((own.refuses ?? []).map((part) => [part, "refused" as const]));
    const description: ModelDescription = {
      provider,
      model,
      isConfigured: installed.configured,
      tier:
        own.tier ??
        tierOfName.get(key) ??
        tierOfName.get(`${ownerOf(provider)}/${model}`) ??
        tierOf(installed.pricing, model, installed.isLocal === true, now()),
      region: own.region ?? "",
      contextTokens: own.contextTokens ?? limits.contextTokens,
      outputTokens: own.outputTokens ?? limits.outputTokens,
      parts: { ...parts, ...refused },
      features,
      reasons: dialect.thinksUnseen || dialect.opensThinking || parts.reasoningEffort === "sent",
    };
    described.set(key, description);
    return description;
  };
  return {
    providers,
    describe,
    estimateUsd(candidate, inputTokens, outputTokens) {
      const { pricing } = installedFor(candidate, providers);
      const usage = { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
      return costOf({ ...usage, source: "counted" }, pricing, candidate.model, now());
    },
    accountsOf({ provider, model }) {
      const further = providers.filter(({ accountOf }) => accountOf === provider);
      return [{ provider, model }, ...further.map(({ name }) => ({ provider: name, model }))];
    },
    isSameModel: (one, other) => one.model === other.model && ownerOf(one.provider) === ownerOf(other.provider),
  };
}

function listedTiers(tiers: RegistryOptions["tiers"], providers: readonly InstalledProvider[]): Map<string, ModelTier> {
  const named = modelTiers.flatMap((tier) => (tiers[tier] ?? []).map((text) => [parseCandidate(text, providers), tier] as const));
  return new Map(named.flatMap(([candidate, tier]) => (candidate ? [[`${candidate.provider}/${candidate.model}`, tier]] : [])));
}
