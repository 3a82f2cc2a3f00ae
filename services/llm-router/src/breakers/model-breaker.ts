// The breaker of one model in this process, its state shared with the other replicas.
//
// A closed breaker costs a call nothing: it counts in this process, and what it has counted is told to the others when a call
// fails, and otherwise every few seconds. Only a call through a breaker that is not closed waits for the broker: of the probes
// there must not be one too many.
import { randomUUID } from "node:crypto";
import type { BreakerChange } from "@nocp/contracts/event.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Change, SharedState } from "@nocp/runtime/stores/shared-state.ts";
import {
  type Admission,
  admission,
  type BreakerPhase,
  type BreakerPolicy,
  type BreakerState,
  type CallVerdict,
  closedForMs,
  withCounts,
  withProbe,
} from "./breaker-state.ts";
import { type HealthPolicy, withCheck, withClaimedCheck } from "./health-state.ts";
import { createSeenBreaker } from "./seen-breaker.ts";
import { createSlidingWindow } from "./sliding-window.ts";

export interface BreakerOptions {
  readonly shared: SharedState<BreakerState>;
  readonly policy: BreakerPolicy;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly observe: BreakerObserver;
}

/** What is told of breakers, for metrics and the log. */
export interface BreakerObserver {
  /** The phase that this process knows of has changed, by whichever replica. */
  changed(candidate: RouteCandidate, state: BreakerState): void;
  /** This process has changed the phase, for all. */
  made(change: BreakerChange): void;
  refused(candidate: RouteCandidate): void;
  probed(candidate: RouteCandidate, verdict: CallVerdict): void;
}

export interface StartedCall {
  readonly isProbe: boolean;
  /** Once. */
  done(verdict: CallVerdict): void;
}

export interface RefusedCall {
  /** Milliseconds until it may be asked for again. */
  readonly waitMs: number;
  readonly reason: string;
}

export interface ModelBreaker {
  refusal(): Promise<RefusedCall | undefined>;
  start(deadlineAt: number): Promise<StartedCall | RefusedCall>;
  /** Closed, and not used for a while. */
  isIdle(): boolean;
  /** Of a provider that is checked. @returns whether the check that is due is the caller's, and when the next one is. */
  claimCheck(policy: HealthPolicy): Promise<{ readonly isMine: boolean; readonly nextAt: number }>;
  /** @param problem why the check failed; undefined: it passed. */
  checked(problem: string | undefined, policy: HealthPolicy): Promise<void>;
}

const tellEveryMs = 5_000;
/** A probe's process that has said nothing for so long after its deadline is dead. */
const probeGraceMs = 5_000;
/** A probe's place is free again after this in any case: a breaker is not half-open for a day. */
const longestProbeMs = 10 * 60_000;
/** Requests that wait for an open breaker come back one after the other, over this part of the wait. */
const spreadShare = 0.25;

export function createBreaker({
  key,
  candidate,
  replica,
  shared,
  policy,
  now,
  random,
  observe,
}: BreakerOptions & { readonly key: string; readonly candidate: RouteCandidate; readonly replica: string }): ModelBreaker {
  const window = createSlidingWindow(policy.windowMs);
  const onPhase = (state: BreakerState): void => {
    window.clear();
    observe.changed(candidate, state);
  };
  const onOwnChange = (from: BreakerPhase, state: BreakerState): void => observe.made(changeOf(candidate, from, state));
  const seen = createSeenBreaker({ shared, key, now, onPhase, onOwnChange });
  const tellWindow = async (): Promise<void> => {
    const counted = window.total(now());
    const { period } = seen.state;
    await seen.change((known) => {
      // What was counted in another period counts in none (B3).
      if (known.phase !== "closed" || known.period !== period) return { result: { state: known } };
      const state = withCounts(known, replica, counted, policy, now(), random());
      return { next: state, result: { state } };
    });
  };
  const told = createTelling(tellWindow, now);

  const countedCall = (): StartedCall => {
    const { period } = seen.state;
    return {
      isProbe: false,
      done(verdict) {
        if (verdict === "none" || seen.state.period !== period || seen.state.phase !== "closed") return;
        window.add(verdict, now());
        told(verdict !== "passed");
      },
    };
  };

  const probe = (id: string, period: number): StartedCall => ({
    isProbe: true,
    done(verdict) {
      observe.probed(candidate, verdict);
      void seen.change((known) => {
        const state = withProbe(known, { id, period, verdict }, policy, now(), random());
        return state === known ? { result: { state } } : { next: state, result: { state } };
      });
    },
  });

  const refused = (waitMs: number): RefusedCall => {
    observe.refused(candidate);
    return { waitMs: Math.ceil(waitMs * (1 + spreadShare * random())), reason: seen.state.reason };
  };

  return {
    async refusal() {
      await seen.look();
      const waitMs = closedForMs(seen.state, policy, now());
      return waitMs > 0 ? refused(waitMs) : undefined;
    },
    async start(deadlineAt) {
      if (seen.state.phase === "closed") return countedCall();
      const id = randomUUID();
      const forgottenAt = Math.min(deadlineAt + probeGraceMs, now() + longestProbeMs);
      const admitted = await seen.change((known): Change<BreakerState, Admission> => {
        const result = admission(known, { id, forgottenAt }, policy, now());
        return result.kind === "probe" ? { next: result.state, result } : { result };
      });
      if (admitted.kind === "refused") return refused(admitted.waitMs);
      return admitted.kind === "probe" ? probe(id, admitted.state.period) : countedCall();
    },
    async claimCheck(health) {
      const { isMine, state } = await seen.change((known) => {
        const next = withClaimedCheck(known, health, now(), random());
        return next ? { next, result: { state: next, isMine: true } } : { result: { state: known, isMine: false } };
      });
      return { isMine, nextAt: state.check?.nextAt ?? now() };
    },
    async checked(problem, health) {
      await seen.change((known) => {
        const next = withCheck(known, problem, health, now());
        return { next, result: { state: next } };
      });
    },
    isIdle: () => seen.state.phase === "closed" && now() - seen.seenAt > policy.windowMs,
  };
}

const changeOf = (
  { provider, model }: RouteCandidate,
  from: BreakerPhase,
  { phase: to, since: at, reason, openings, until }: BreakerState,
): BreakerChange => ({ provider, model, from, to, at, reason, openings, until: to === "open" ? until : null });

/**
 * Tells what was counted: at once when something failed, otherwise every few seconds. One at a time: what comes meanwhile is
 * told together afterwards.
 */
function createTelling(tell: () => Promise<void>, now: () => number): (hasNews: boolean) => void {
  let toldAt = now();
  let isTelling = false;
  let isLeft = false;
  const run = async (): Promise<void> => {
    isTelling = true;
    do {
      isLeft = false;
      toldAt = now();
      await tell();
    } while (isLeft);
    isTelling = false;
  };
  return (hasNews) => {
    isLeft ||= hasNews;
    if (!isTelling && (isLeft || now() - toldAt >= tellEveryMs)) void run();
  };
}
