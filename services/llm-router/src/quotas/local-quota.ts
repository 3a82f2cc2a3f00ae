// What one process knows of a quota, and who waits for it here.
import type { ReportedQuotas } from "@nocp/models/quotas/reported-quotas.ts";
import { type Amount, added, type Demand, type Lease, noAmount, unspentOf } from "./lease.ts";
import type { QuotaState } from "./quota-state.ts";
import { createReturnTimes, type ReturnTimes } from "./return-times.ts";
import type { AskedTurn, Turn, TurnOutcome } from "./turn.ts";
import type { Waiting } from "./waiting-room.ts";

export interface Entry extends Waiting {
  readonly asked: AskedTurn;
  /** What the call is expected to take; from its start on, what was counted for it. */
  tokens: number;
  paid: number;
  readonly resolve: (turn: Turn) => void;
}

/** What the vendor said last, and what it had not counted then. */
export interface LateReport {
  readonly reported: ReportedQuotas;
  readonly uncounted: Amount;
}

export interface LocalQuota {
  readonly key: string;
  limited: boolean;
  /** Calls that may be in flight while nothing is known. */
  window: number;
  calls: number;
  tokens: number;
  waiting: Entry[];
  turnsOf: Map<string, number>;
  turns: number;
  /** When the last calls succeeded, in order. */
  successes: number[];
  /** As last seen. */
  state: QuotaState | undefined;
  lookedAt: number;
  usedAt: number;
  /** What an answer takes, on average. */
  outputTokens: number;
  /** Tokens of a prompt as the vendor counts them, for each of ours: its tokenizer, its framing and its images differ. */
  inputRatio: number;
  /** Of those that were sent away from here. */
  away: ReturnTimes;
  /** Between two starts of this replica, while others wait. */
  paceMs: number;
  startedAt: number;
  pumping: boolean;
  /** Calls that may start without asking. */
  lease: Lease | undefined;
  /** Of former leases; the state gets it back with the next change. */
  unspent: Amount;
  /** Calls that started since the state was last changed. */
  demand: Demand;
  /** What the vendor said last, to be told with the next change. */
  report: LateReport | undefined;
  /** Ends the lease when nobody asks for a turn any more. */
  leaseTimer: NodeJS.Timeout | undefined;
  wake: (() => void) | undefined;
}

/** So many calls go to a vendor of which nothing is known. */
export const firstWindow = 3;

/** Until the time is over, or `quota.wake` is called. */
export function sleepUntilWoken(quota: LocalQuota, delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delayMs);
  quota.wake = () => {
    clearTimeout(timer);
    quota.wake = undefined;
    resolve();
  };
  return promise;
}

const rememberedReturns = 100_000;

/** @param state of a quota that the settings name. */
export const newQuota = (key: string, state: QuotaState | undefined): LocalQuota => ({
  key,
  limited: state !== undefined,
  window: firstWindow,
  calls: 0,
  tokens: 0,
  waiting: [],
  turnsOf: new Map(),
  turns: 0,
  successes: [],
  state,
  lookedAt: 0,
  usedAt: 0,
  outputTokens: 256,
  inputRatio: 1,
  away: createReturnTimes(rememberedReturns),
  paceMs: 0,
  startedAt: 0,
  pumping: false,
  lease: undefined,
  unspent: noAmount,
  demand: { ...noAmount, since: 0 },
  report: undefined,
  leaseTimer: undefined,
  wake: undefined,
});

/** The tokens that a call will count for, by what the last ones of this quota took. */
export const expectedTokens = ({ inputRatio, outputTokens }: LocalQuota, { inputTokens, maxOutputTokens }: AskedTurn): number =>
  Math.ceil(inputTokens * inputRatio) + Math.min(maxOutputTokens, Math.ceil(outputTokens));

/** Part of the expectation that each answer makes. */
const learningRate = 0.3;

/** Those that wait are counted anew, unless they have begun to pay. @param took as the vendor counts. */
export function learnTokens(quota: LocalQuota, took: NonNullable<TurnOutcome["tokens"]>, { inputTokens }: AskedTurn): void {
  quota.outputTokens += (took.output - quota.outputTokens) * learningRate;
  if (inputTokens > 0) quota.inputRatio += (took.input / inputTokens - quota.inputRatio) * learningRate;
  for (const entry of quota.waiting) {
    if (entry.paid > 0) continue;
    entry.tokens = expectedTokens(quota, entry.asked);
    entry.owed = entry.tokens;
  }
}

/** The next call takes its own turn. */
export function endLease(quota: LocalQuota): void {
  if (!quota.lease) return;
  quota.unspent = added(quota.unspent, unspentOf(quota.lease));
  quota.lease = undefined;
  clearTimeout(quota.leaseTimer);
}

/** Counts a call that starts. */
export function countStart(quota: LocalQuota, tokens: number): void {
  const started = { requests: 1, tokens };
  quota.calls += 1;
  quota.tokens += tokens;
  quota.demand = { ...added(quota.demand, started), since: quota.demand.since };
  // The vendor did not know of it when it said so.
  if (quota.report) quota.report = { ...quota.report, uncounted: added(quota.report.uncounted, started) };
}
