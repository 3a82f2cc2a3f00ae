// The breakers and quotas of the models that were called lately, as the replicas have told: for a person to look at.
import type { ProviderSetup } from "@nocp/models/provider.ts";
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { z } from "zod";
import { type BreakerState, breakerStateSchema, totalCounts } from "./breakers/breaker-state.ts";
import { type QuotaState, quotaStateSchema } from "./quotas/quota-state.ts";

export interface ModelState {
  readonly provider: string;
  /** Empty: all models of the provider, as a quota may be set. */
  readonly model: string;
  /** `null`: it was not called lately. */
  readonly breaker: BreakerState["phase"] | null;
  /** Of the window, all replicas together. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Milliseconds since the epoch. */
  readonly openUntil?: number;
  readonly reason?: string;
  /** The last changes of the breaker, the newest last. */
  readonly changes: BreakerState["changes"];
  readonly quota?: QuotaView;
}

export interface QuotaView {
  readonly source: QuotaState["source"];
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** Milliseconds since the epoch. */
  readonly blockedUntil: number;
}

/** A broker's, as far as these states are concerned. */
export interface ModelStateStores {
  sharedState<T>(bucket: string, schema: z.ZodType<T>): Promise<SharedState<T>>;
}

export interface ModelStateOptions {
  /** Those that are configured are shown even if nobody called them. */
  readonly setups: readonly Pick<ProviderSetup, "name" | "configured" | "defaultModel">[];
  /** breakers.windowMs */
  readonly windowMs: number;
  readonly now: number;
}

/** By provider and model. */
export async function readModelStates(
  broker: ModelStateStores,
  { setups, windowMs, now }: ModelStateOptions,
): Promise<ModelState[]> {
  const breakers = await (await broker.sharedState("breakers", breakerStateSchema)).entries();
  const quotas = await (await broker.sharedState("quotas", quotaStateSchema)).entries();
  const configured = setups
    .filter((setup) => setup.configured)
    .map(({ name, defaultModel }) => (defaultModel === "" ? name : `${name}/${defaultModel}`));
  const keys = new Set([...configured, ...breakers.keys(), ...quotas.keys()]);
  return [...keys].sort().map((key) => modelState(key, breakers.get(key), quotas.get(key), windowMs, now));
}

function modelState(
  key: string,
  breaker: BreakerState | undefined,
  quota: QuotaState | undefined,
  windowMs: number,
  now: number,
): ModelState {
  const slash = key.indexOf("/");
  const counts = breaker ? totalCounts(breaker, windowMs, now) : { calls: 0, failures: 0, slow: 0 };
  return {
    provider: slash === -1 ? key : key.slice(0, slash),
    model: slash === -1 ? "" : key.slice(slash + 1),
    breaker: breaker?.phase ?? null,
    ...counts,
    changes: breaker?.changes ?? [],
    ...(breaker?.phase === "open" ? { openUntil: breaker.until } : {}),
    ...(breaker === undefined || breaker.phase === "closed" ? {} : { reason: breaker.reason }),
    ...(quota ? { quota: quotaView(quota) } : {}),
  };
}

const minuteMs = 60_000;

const quotaView = ({ source, requests, tokens, blockedUntil }: QuotaState): QuotaView => ({
  source,
  requestsPerMinute: requests ? requests.perMs * minuteMs : null,
  tokensPerMinute: tokens ? tokens.perMs * minuteMs : null,
  blockedUntil,
});
