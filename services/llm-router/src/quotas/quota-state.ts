// What is known of one upstream quota, shared by all replicas; and what a call, an answer and a refusal make of it. Pure.
//
// A quota is known because the settings name it, because the vendor reports it, or because the vendor refused: then the pace
// is what it let pass, a little more with each second without a refusal, and less after the next.
import type { ReportedQuota, ReportedQuotas } from "@nocp/models/quotas/reported-quotas.ts";
import { z } from "zod";
import { type Bucket, bucketSchema, levelOf, paced, taken, waitOf } from "./bucket.ts";
import type { Amount } from "./lease.ts";

export const quotaStateSchema = z.object({
  requests: bucketSchema.optional(),
  tokens: bucketSchema.optional(),
  /** Nothing is started before; milliseconds since the epoch. */
  blockedUntil: z.number(),
  source: z.enum(["configured", "reported", "learned"]),
  /** The longest time to be whole again that the vendor reported, in milliseconds. */
  resetMs: z.object({ requests: z.number(), tokens: z.number() }),
  /** Since the pace was last set: how many calls were started, and how many of them were refused. */
  since: z.number(),
  started: z.number(),
  refused: z.number(),
  /** The learned pace, in calls a millisecond, at which the vendor last refused. */
  ceilingPerMs: z.number().optional(),
  /** Calls in flight by replica; a replica that died is forgotten after a while. */
  inFlight: z.record(z.string(), z.object({ calls: z.number(), at: z.number() })),
});
export type QuotaState = z.infer<typeof quotaStateSchema>;

export interface ConfiguredQuota {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly concurrentCalls?: number | undefined;
}

const minuteMs = 60_000;
const second = 1_000;
/** Of a configured quota: the vendor's clock is not ours, and its window counts a call that comes a moment early. */
const margin = 0.95;
/** A configured quota may be counted by the second: no more than this much of a second's share goes at once. */
const burstMs = 100;

const steady = (perMs: number, now: number): Bucket => {
  const capacity = Math.max(1, perMs * burstMs);
  return { capacity, perMs, level: capacity, at: now };
};

const empty = (now: number): Omit<QuotaState, "source"> => ({
  blockedUntil: 0,
  resetMs: { requests: 0, tokens: 0 },
  since: now,
  started: 0,
  refused: 0,
  inFlight: {},
});

/** The same of tokens, which come in pieces of very different size. */
const tokenBurstMs = 1_000;

export function configuredState({ requestsPerMinute, tokensPerMinute }: ConfiguredQuota, now: number): QuotaState {
  const tokensPerMs = ((tokensPerMinute ?? 0) / minuteMs) * margin;
  const capacity = tokensPerMs * tokenBurstMs;
  return {
    ...empty(now),
    source: "configured",
    ...(requestsPerMinute === undefined ? {} : { requests: steady((requestsPerMinute / minuteMs) * margin, now) }),
    ...(tokensPerMinute === undefined ? {} : { tokens: { capacity, perMs: tokensPerMs, level: capacity, at: now } }),
  };
}

/** Milliseconds until a call, or an instalment of one, may start. @param requests 0 for an instalment before the last. */
export function startsIn(state: QuotaState, requests: number, tokens: number, now: number): number {
  return Math.max(
    0,
    state.blockedUntil - now,
    state.requests && requests > 0 ? waitOf(state.requests, requests, now) : 0,
    state.tokens ? waitOf(state.tokens, tokens, now) : 0,
  );
}

export function withStart(state: QuotaState, requests: number, tokens: number, now: number): QuotaState {
  const grown = withGrowth(state, now);
  return {
    ...grown,
    ...(grown.requests ? { requests: taken(grown.requests, requests, now) } : {}),
    ...(grown.tokens ? { tokens: taken(grown.tokens, tokens, now) } : {}),
    started: grown.started + requests,
  };
}

/** What was taken for calls that did not start is given back. */
export const withoutUnspent = (state: QuotaState, { requests, tokens }: Amount, now: number): QuotaState => ({
  ...state,
  ...(state.requests ? { requests: taken(state.requests, -requests, now) } : {}),
  ...(state.tokens ? { tokens: taken(state.tokens, -tokens, now) } : {}),
  started: state.started - requests,
});

/** How many calls of that size could start at once; may be less than 1. */
export function callsLeft(state: QuotaState, tokensPerCall: number, now: number): number {
  if (now < state.blockedUntil) return 0;
  const ofTokens = state.tokens && tokensPerCall > 0 ? levelOf(state.tokens, now) / tokensPerCall : Number.POSITIVE_INFINITY;
  return Math.min(state.requests ? levelOf(state.requests, now) : Number.POSITIVE_INFINITY, ofTokens);
}

/** What was counted before a call and what it took in the end differ. @param tokens more than was counted; negative for less. */
export const withCorrection = (state: QuotaState, tokens: number, now: number): QuotaState =>
  state.tokens ? { ...state, tokens: taken(state.tokens, tokens, now) } : state;

/**
 * A refused call took nothing, though it was counted at its start. Only where the vendor says what is left: the report that
 * follows takes it back if refused calls count, as they do with some.
 */
export function withoutRefused(state: QuotaState, reported: ReportedQuotas, tokens: number, now: number): QuotaState {
  if (state.source !== "reported") return state;
  return {
    ...state,
    ...(state.requests && reported.requests ? { requests: taken(state.requests, -1, now) } : {}),
    ...(state.tokens && reported.tokens ? { tokens: taken(state.tokens, -tokens, now) } : {}),
  };
}

/** A quota that holds no more calls than this has turns however much of it is left: a burst would use it up at once. */
const fewCalls = 200;

/** A quota that is far from used up, and large, needs no turns. @param callTokens what a call takes of the quota of tokens. */
export const isNear = ({ requests, tokens }: ReportedQuotas, callTokens: number): boolean =>
  [requests && { ...requests, few: fewCalls }, tokens && { ...tokens, few: fewCalls * callTokens }].some(
    (quota) => quota !== undefined && (quota.remaining < quota.limit / 2 || quota.limit <= quota.few),
  );

/** @param inFlight calls of this replica that the vendor has not counted yet, and their tokens. */
export function withReport(
  state: QuotaState | undefined,
  reported: ReportedQuotas,
  inFlight: { readonly calls: number; readonly tokens: number },
  now: number,
): QuotaState {
  // A pace that was guessed from refusals gives way to what the vendor says.
  const isGuessed = state === undefined || state.source === "learned";
  const known: QuotaState = isGuessed ? { ...empty(now), source: "reported", blockedUntil: state?.blockedUntil ?? 0 } : state;
  // What the settings say stands.
  if (known.source === "configured") return known;
  const resetMs = {
    requests: longestReset(known.resetMs.requests, reported.requests, known.requests),
    tokens: longestReset(known.resetMs.tokens, reported.tokens, known.tokens),
  };
  const requests = reported.requests && reportedBucket(known.requests, reported.requests, resetMs.requests, inFlight.calls, now);
  const tokens = reported.tokens && reportedBucket(known.tokens, reported.tokens, resetMs.tokens, inFlight.tokens, now);
  return {
    ...known,
    source: "reported",
    resetMs,
    ...(requests ? { requests } : {}),
    ...(tokens ? { tokens } : {}),
  };
}

/**
 * The time in which the whole quota comes back. A bucket reports how long what is missing takes, a window how long it still
 * lasts: the longest of either is what was looked for.
 */
function longestReset(known: number, reported: ReportedQuota | undefined, bucket: Bucket | undefined): number {
  if (!reported) return known;
  const isAnother = bucket !== undefined && Math.round(bucket.capacity) !== reported.limit;
  return Math.max(isAnother ? 0 : known, reported.resetMs ?? minuteMs);
}

function reportedBucket(
  known: Bucket | undefined,
  { limit, remaining }: ReportedQuota,
  resetMs: number,
  inFlight: number,
  now: number,
): Bucket {
  const perMs = limit / Math.max(resetMs, second);
  const left = Math.max(0, remaining - inFlight);
  if (!known) return { capacity: limit, perMs, level: left, at: now };
  const next = paced(known, perMs, limit, now);
  // Other replicas' calls are on their way too: a report never adds to what is there.
  return { ...next, level: Math.min(next.level, left) };
}

const refusal = {
  /** Without a Retry-After: the first pause, doubled with every refusal that follows at once. */
  pauseMs: 1_000,
  longestPauseMs: 30_000,
  /** The next pace is at most this much of the last one, and at least that much. */
  slower: 0.92,
  slowest: 0.5,
  /** A call every so often is made whatever happens. */
  slowestPerMs: 1 / 30_000,
  /** Refusals within this time are of one episode: what was in flight when the first of them came. */
  episodeMs: 750,
};
/** A learned pace grows by so much a second: slowly where the vendor refused before, and fast where nobody has been. */
const growthPerSecond = { new: 0.3, known: 0.05, near: 0.005 };
/** From here on a pace is near the last one that was refused. */
const nearShare = 0.95;

export interface Refusal {
  readonly retryAfterMs: number | undefined;
  /** What this replica saw succeed in the last second, while there was no state yet. */
  readonly recentSuccesses: number;
  /** In [0, 1). */
  readonly random: number;
}

export function withRefusal(state: QuotaState | undefined, refused: Refusal, now: number): QuotaState {
  const { retryAfterMs, recentSuccesses, random } = refused;
  const pauseMs = retryAfterMs ?? refusal.pauseMs * (1 + random * 0.25);
  const blockedUntil = Math.max(state?.blockedUntil ?? 0, now + pauseMs);
  if (!state) {
    const perMs = Math.max(1, recentSuccesses) / second;
    return { ...empty(now), source: "learned", blockedUntil, requests: { ...steady(perMs, now), level: 0 } };
  }
  const known = { ...state, refused: state.refused + 1 };
  // A report or a setting gives the pace: the wait is enough.
  if (known.source !== "learned" || !known.requests) return { ...known, blockedUntil };
  if (now - known.since < refusal.episodeMs || now < state.blockedUntil) return { ...known, blockedUntil };
  const elapsedMs = Math.max(second, now - known.since);
  const passedPerMs = Math.max(0, known.started - known.refused) / elapsedMs;
  const { perMs } = known.requests;
  const next = Math.max(
    refusal.slowestPerMs,
    perMs * refusal.slowest,
    Math.min(perMs * refusal.slower, Math.max(passedPerMs, perMs * refusal.slowest)),
  );
  const requests = { ...steady(next, now), level: 0 };
  const isHopeless = known.started - known.refused <= 0;
  const longer = isHopeless ? Math.min(refusal.longestPauseMs, 1 / next) : 0;
  return {
    ...known,
    requests,
    ceilingPerMs: perMs,
    since: now,
    started: 0,
    refused: 0,
    blockedUntil: Math.max(blockedUntil, now + longer),
  };
}

function withGrowth(state: QuotaState, now: number): QuotaState {
  const { requests, source } = state;
  if (source !== "learned" || !requests) return state;
  const { ceilingPerMs } = state;
  const growth = ceilingPerMs === undefined ? "new" : requests.perMs < ceilingPerMs * nearShare ? "known" : "near";
  const grown = requests.perMs * (1 + (growthPerSecond[growth] * Math.max(0, now - requests.at)) / second);
  return { ...state, requests: paced(requests, grown, Math.max(1, grown * burstMs), now) };
}

/** What may be started at once of requests; for estimates. */
export const requestsPerMs = (state: QuotaState): number => state.requests?.perMs ?? Number.POSITIVE_INFINITY;
export const tokensPerMs = (state: QuotaState): number => state.tokens?.perMs ?? Number.POSITIVE_INFINITY;
