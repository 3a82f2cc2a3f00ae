// What all replicas know of one breaker together, and how it changes. Pure.
//
//   closed ── enough calls, too many of them failed or slow ──▶ open ── its time is over ──▶ half-open
//   half-open ── as many probes succeeded as are wanted ──▶ closed
//   half-open ── a probe failed or was slow ──▶ open, for longer
//
// B1 Nothing is called while a breaker is open.
// B2 While it is half-open, no more calls are running or have succeeded than `probes`. One whose process died is forgotten when
//    its lease ends, and one that told nothing gives its place back.
// B3 A call counts in the period in which it began, and in no other: what was called before a breaker opened does not close it.
import { breakerPhases } from "@nocp/contracts/event.ts";
import { z } from "zod";

export const callCountsSchema = z.object({
  calls: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Answered, but slowly. */
  slow: z.int().nonnegative(),
});
export type CallCounts = z.infer<typeof callCountsSchema>;

export const breakerStateSchema = z.object({
  phase: z.enum(breakerPhases),
  /** Rises with each change of phase. */
  period: z.int().nonnegative(),
  /** When the phase began, in milliseconds since the epoch. */
  since: z.number(),
  /** When an open breaker may be probed; 0 otherwise. */
  until: z.number(),
  /** How often it has opened without being closed for a while in between. */
  openings: z.int().nonnegative(),
  /** Why it opened last; empty: it never has. */
  reason: z.string(),
  /** Probes that run: when each is forgotten, by its id. */
  probes: z.record(z.string(), z.number()),
  /** Probes of this period that succeeded. */
  passed: z.int().nonnegative(),
  /** Calls of the window by replica, as of when it last told. */
  counts: z.record(z.string(), callCountsSchema.extend({ at: z.number() })),
  /** Of a provider that is checked: when the next check is due, and how many have failed in a row. */
  check: z.object({ nextAt: z.number(), failures: z.int().nonnegative() }).optional(),
  /** The last changes of phase, the newest last: for a person to look at. */
  changes: z.array(z.object({ to: z.enum(breakerPhases), at: z.number(), reason: z.string() })).default([]),
});
export type BreakerState = z.infer<typeof breakerStateSchema>;
export type BreakerPhase = BreakerState["phase"];

export interface BreakerPolicy {
  readonly windowMs: number;
  readonly minimumCalls: number;
  readonly failureRate: number;
  readonly slowRate: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly probes: number;
}

/** What a call tells of its provider; `none`: nothing, as with a refusal for a quota or a fault of the request. */
export type CallVerdict = "passed" | "slow" | "failed" | "none";

export const closedState = (now: number): BreakerState => ({
  phase: "closed",
  period: 0,
  since: now,
  until: 0,
  openings: 0,
  reason: "",
  probes: {},
  passed: 0,
  counts: {},
  changes: [],
});

const rememberedChanges = 10;

/** Open times differ by up to so much, so that breakers which opened together are not probed together. */
const jitterShare = 0.2;
/** How soon to look again while all probes run, in milliseconds; later if they have run for long. */
const probeWait = { leastMs: 1_000, mostMs: 15_000 };

/** The state at the beginning of another phase. */
export const nextPeriod = (state: BreakerState, phase: BreakerPhase, now: number, reason = ""): BreakerState => ({
  ...state,
  phase,
  period: state.period + 1,
  since: now,
  until: 0,
  probes: {},
  passed: 0,
  counts: {},
  changes: [...state.changes, { to: phase, at: now, reason }].slice(-rememberedChanges),
});

/** @param random in [0, 1). */
function opened(state: BreakerState, reason: string, policy: BreakerPolicy, now: number, random: number): BreakerState {
  // Whoever opens again soon after it closed was closed too early.
  const isAgain = state.phase === "half-open" || now - state.since < policy.maxOpenMs;
  const openings = isAgain ? state.openings + 1 : 1;
  const openMs = Math.min(policy.maxOpenMs, policy.openMs * 2 ** Math.min(openings - 1, 30));
  return {
    ...nextPeriod(state, "open", now, reason),
    until: now + openMs * (1 + jitterShare * random),
    openings,
    reason,
  };
}

/** The calls that all replicas have told of in the window. */
export function totalCounts({ counts }: BreakerState, windowMs: number, now: number): CallCounts {
  const recent = Object.values(counts).filter(({ at }) => now - at < windowMs);
  const sum = (part: keyof CallCounts) => recent.reduce((total, counted) => total + counted[part], 0);
  return { calls: sum("calls"), failures: sum("failures"), slow: sum("slow") };
}

/** Of a closed breaker: with what one replica has counted in its window. */
export function withCounts(
  state: BreakerState,
  replica: string,
  counted: CallCounts,
  policy: BreakerPolicy,
  now: number,
  random: number,
): BreakerState {
  if (state.phase !== "closed") return state;
  const known = Object.entries(state.counts).filter(([, { at }]) => now - at < policy.windowMs);
  const next = { ...state, counts: { ...Object.fromEntries(known), [replica]: { ...counted, at: now } } };
  const { calls, failures, slow } = totalCounts(next, policy.windowMs, now);
  if (calls < policy.minimumCalls) return next;
  if (failures >= calls * policy.failureRate) return opened(next, `${failures} of ${calls} calls failed`, policy, now, random);
  if (slow >= calls * policy.slowRate) return opened(next, `${slow} of ${calls} calls were slow`, policy, now, random);
  return next;
}

/** Milliseconds until a call may be asked for again; 0: now. */
export function closedForMs(state: BreakerState, policy: BreakerPolicy, now: number): number {
  if (state.phase === "open") return Math.max(0, state.until - now);
  if (state.phase === "half-open" && placesLeft(state, policy, now) === 0)
    return Math.min(probeWait.mostMs, Math.max(probeWait.leastMs, now - state.since));
  return 0;
}

const placesLeft = ({ probes, passed }: BreakerState, policy: BreakerPolicy, now: number): number =>
  Math.max(0, policy.probes - passed - Object.values(probes).filter((forgottenAt) => forgottenAt > now).length);

export type Admission =
  | { readonly kind: "call"; readonly state: BreakerState }
  | { readonly kind: "probe"; readonly state: BreakerState }
  | { readonly kind: "refused"; readonly state: BreakerState; readonly waitMs: number };

/** Whether a call may start. @param forgottenAt when a probe is given up whose process says no more of it. */
export function admission(
  state: BreakerState,
  probe: { readonly id: string; readonly forgottenAt: number },
  policy: BreakerPolicy,
  now: number,
): Admission {
  if (state.phase === "closed") return { kind: "call", state };
  const waitMs = closedForMs(state, policy, now);
  if (waitMs > 0) return { kind: "refused", state, waitMs };
  const halfOpen = state.phase === "open" ? nextPeriod(state, "half-open", now) : state;
  const running = Object.entries(halfOpen.probes).filter(([, forgottenAt]) => forgottenAt > now);
  const probes = { ...Object.fromEntries(running), [probe.id]: probe.forgottenAt };
  return { kind: "probe", state: { ...halfOpen, probes } };
}

/** What a probe came to; one whose place another has taken counts no more. @param period in which it began. */
export function withProbe(
  state: BreakerState,
  probe: { readonly id: string; readonly period: number; readonly verdict: CallVerdict },
  policy: BreakerPolicy,
  now: number,
  random: number,
): BreakerState {
  if (state.phase !== "half-open" || state.period !== probe.period || !Object.hasOwn(state.probes, probe.id)) return state;
  const { [probe.id]: _ended, ...probes } = state.probes;
  switch (probe.verdict) {
    case "none":
      return { ...state, probes };
    case "passed": {
      const passed = state.passed + 1;
      return passed >= policy.probes ? nextPeriod(state, "closed", now) : { ...state, probes, passed };
    }
    default:
      return opened(state, probe.verdict === "slow" ? "a probe was slow" : "a probe failed", policy, now, random);
  }
}
