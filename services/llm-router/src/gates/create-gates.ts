// The gates of llm-router, made of its settings and of what its replicas share.

import { routerSection } from "@nocp/models/router-section.ts";
import { openBudgets } from "@nocp/runtime/budgets/open-budgets.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import { messagingSection } from "@nocp/runtime/config/sections.ts";
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { z } from "zod";
import { createBreakerGate } from "../breakers/breaker-gate.ts";
import { createBreakerObserver, createHealthObserver } from "../breakers/breaker-metrics.ts";
import { breakerStateSchema } from "../breakers/breaker-state.ts";
import { createBreakers } from "../breakers/breakers.ts";
import { checkedProviders } from "../breakers/checked-providers.ts";
import { breakersSection } from "../breakers/config.ts";
import { startHealthChecks } from "../breakers/health-checks.ts";
import { createBudgetGate } from "../budgets/budget-gate.ts";
import { createBudgetObserver } from "../budgets/budget-metrics.ts";
import type { InstalledProvider } from "../installed-provider.ts";
import { createQuotaGate } from "../quotas/quota-gate.ts";
import { createQuotaLimiter } from "../quotas/quota-limiter.ts";
import { quotaStateSchema } from "../quotas/quota-state.ts";
import type { CallGate } from "./call-gate.ts";

interface Resources {
  readonly config: Config;
  readonly logger: Logger;
  readonly registry: Registry;
  sharedState<T>(bucket: string, schema: z.ZodType<T>): Promise<SharedState<T>>;
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
  sendEvent(stage: "llm-router", kind: "breaker-changed", body: object): void;
  onRelease(release: () => Promise<void>): void;
}

/**
 * Those that let a call wait stand first: what a later one holds for a call is held for the call alone.
 * @param providers those that may be checked.
 * @throws NocpError INVALID_CONFIGURATION for checks of a provider that does not exist or cannot be checked.
 */
export async function createGates(resources: Resources, providers: readonly InstalledProvider[]): Promise<CallGate[]> {
  const gates = [await quotaGate(resources)];
  if (resources.config.section(breakersSection).enabled) gates.push(await breakerGate(resources, providers));
  return [...gates, await budgetGate(resources)];
}

/** A timer that does not keep the process from ending. */
const unheldTimer = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs).unref();
  return () => clearTimeout(timer);
};

const clock = { now: Date.now, random: Math.random };

async function quotaGate({ config, sharedState }: Resources): Promise<CallGate> {
  const { quotas: settings, maxQuotaWaitMs, maxBatchQuotaWaitMs } = config.section(routerSection);
  const { concurrency } = config.section(messagingSection);
  const shared = await sharedState("quotas", quotaStateSchema);
  const limiter = createQuotaLimiter({ shared, settings, concurrency });
  return createQuotaGate(limiter, { interactive: maxQuotaWaitMs, batch: maxBatchQuotaWaitMs });
}

async function breakerGate(
  { config, sharedState, registry, logger, sendEvent, onRelease }: Resources,
  providers: readonly InstalledProvider[],
): Promise<CallGate> {
  const { healthChecks, ...policy } = config.section(breakersSection);
  const checked = checkedProviders(healthChecks, providers);
  const shared = await sharedState("breakers", breakerStateSchema);
  const observe = createBreakerObserver(registry, logger, (change) =>
    sendEvent("llm-router", "breaker-changed", { v: 1, changes: [change] }),
  );
  const breakers = createBreakers({ ...clock, shared, policy, observe }, new Set(checked.map(({ name }) => name)));
  const { ofProvider: breakerOf } = breakers;
  const onCheck = createHealthObserver(registry);
  const stop = startHealthChecks({ ...clock, providers: checked, breakerOf, after: unheldTimer, onCheck });
  onRelease(async () => stop());
  return createBreakerGate(breakers);
}

async function budgetGate(resources: Resources): Promise<CallGate> {
  const budgets = await openBudgets(resources);
  return createBudgetGate({ budgets, random: clock.random, onNoRoom: createBudgetObserver(resources.registry) });
}
