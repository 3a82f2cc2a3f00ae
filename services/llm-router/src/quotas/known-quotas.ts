// The quotas that one process has to do with, and how much of the stage each may hold.
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { type ConcurrentCalls, createConcurrentCalls } from "./concurrent-calls.ts";
import { type LocalQuota, newQuota } from "./local-quota.ts";
import { type ConfiguredQuota, configuredState, type QuotaState } from "./quota-state.ts";

export interface KnownQuotasOptions {
  readonly shared: SharedState<QuotaState>;
  /** What the settings say of a quota. */
  readonly configured: (key: string) => ConfiguredQuota | undefined;
  /** Messages that the stage handles at once. */
  readonly concurrency: number;
  /** This process, among those that share the state. */
  readonly replica: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface KnownQuotas {
  /** As of now: of a quota that is open here, the shared state is looked at now and then. */
  of(key: string): Promise<LocalQuota>;
  /** The state before anything was stored, for a quota that the settings name. */
  initialState(key: string): QuotaState | undefined;
  concurrentCalls(key: string): ConcurrentCalls;
  /** Calls that may be in flight in this process. */
  mostCalls(quota: LocalQuota): number;
  /** Requests that may wait for it in this process. */
  roomOf(quota: LocalQuota): number;
}

const lookAgainMs = 5_000;
/** A provider is in use when it was called within this time. */
const inUseMs = 60_000;
/** Of the stage's slots one provider may hold this part, when others are in use. */
const largestPart = 0.75;
/** Of the stage's slots those that wait for one limited quota may hold this part, and for one that is being found out this. */
const roomPart = { limited: 1 / 8, open: 1 / 2 };

export function createKnownQuotas({ shared, configured, concurrency, replica, now }: KnownQuotasOptions): KnownQuotas {
  const quotas = new Map<string, LocalQuota>();
  const initialState = (key: string): QuotaState | undefined => {
    const settings = configured(key);
    return settings && configuredState(settings, now());
  };
  return {
    initialState,
    concurrentCalls: (key) => createConcurrentCalls(replica, configured(key)?.concurrentCalls),
    async of(key) {
      const quota = quotas.get(key) ?? newQuota(key, initialState(key));
      quotas.set(key, quota);
      const at = now();
      quota.usedAt = at;
      if (quota.limited || at - quota.lookedAt < lookAgainMs) return quota;
      const isFirst = quota.lookedAt === 0;
      quota.lookedAt = at;
      const looked = shared.get(key).then((state) => {
        if (state) Object.assign(quota, { state, limited: true });
      });
      if (isFirst) await looked;
      return quota;
    },
    mostCalls(quota) {
      const at = now();
      const isAlone = [...quotas.values()].every((other) => other === quota || at - other.usedAt > inUseMs);
      const part = isAlone ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(concurrency * largestPart));
      return quota.limited ? part : Math.min(part, quota.window);
    },
    roomOf({ limited, window }) {
      const part = limited || window === Number.POSITIVE_INFINITY ? roomPart.limited : roomPart.open;
      return Math.max(1, Math.floor(concurrency * part));
    },
  };
}
