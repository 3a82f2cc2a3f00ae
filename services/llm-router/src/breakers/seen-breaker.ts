// What this process has seen of a breaker's shared state: looked up about once a second while it is used, beside the calls.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { Change, SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { type BreakerState, closedState } from "./breaker-state.ts";

export interface SeenBreaker {
  readonly state: BreakerState;
  /** Milliseconds since the epoch. */
  readonly seenAt: number;
  /** Looks again, unless it did lately. Waits for the answer only if what was seen is old. */
  look(): Promise<void>;
  /** Changes the shared state. */
  change<R extends { readonly state: BreakerState }>(change: (current: BreakerState) => Change<BreakerState, R>): Promise<R>;
}

export interface SeenBreakerOptions {
  readonly shared: SharedState<BreakerState>;
  readonly key: string;
  readonly now: () => number;
  /** The phase has changed, by whichever replica. */
  readonly onPhase: (state: BreakerState) => void;
  /** This process has changed the phase. */
  readonly onOwnChange: (from: BreakerState["phase"], state: BreakerState) => void;
}

const lookEveryMs = 1_000;
/** What was seen so long ago is looked up before it is relied on. */
const staleMs = 5_000;
/** But not for longer than this. */
const longestLookMs = 100;

export function createSeenBreaker({ shared, key, now, onPhase, onOwnChange }: SeenBreakerOptions): SeenBreaker {
  let state = closedState(now());
  let seenAt = Number.NEGATIVE_INFINITY;
  let sightings = 0;
  let looking: Promise<void> | undefined;

  const saw = (next: BreakerState): void => {
    const { period, phase } = state;
    state = next;
    seenAt = now();
    sightings += 1;
    if (next.period !== period || next.phase !== phase) onPhase(next);
  };

  const lookNow = async (): Promise<void> => {
    const before = sightings;
    const next = await shared.get(key);
    looking = undefined;
    // What was seen meanwhile is newer. A state that was lost begins anew.
    if (sightings === before) saw(next ?? closedState(now()));
  };

  return {
    get state() {
      return state;
    },
    get seenAt() {
      return seenAt;
    },
    async look() {
      const age = now() - seenAt;
      if (age < lookEveryMs) return;
      looking ??= lookNow();
      if (age < staleMs) return;
      const current = looking;
      const limit = { timeoutMs: longestLookMs, onTimeout: () => new Error("the broker is slow") };
      await withTimeLimit(() => current, limit).catch(() => undefined);
    },
    async change(change) {
      // Of the last run, whose outcome is the one that was stored.
      let before: BreakerState | undefined;
      const result = await shared.change(key, (current) => {
        before = current ?? closedState(now());
        return change(before);
      });
      if (before !== undefined && before.period !== result.state.period) onOwnChange(before.phase, result.state);
      // Answers may overtake each other: an older state is none.
      if (result.state.period >= state.period) saw(result.state);
      return result;
    },
  };
}
