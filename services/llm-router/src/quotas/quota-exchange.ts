// One change of the shared state of a quota: what was not used is given back, those whose turn has come are paid for, and where
// plenty is left the process takes a lease. Pure.
import type { Change } from "@nocp/runtime/stores/shared-state.ts";
import type { ConcurrentCalls } from "./concurrent-calls.ts";
import { type Amount, added, type Grant, leasedCalls } from "./lease.ts";
import type { Entry, LateReport } from "./local-quota.ts";
import { callsLeft, type QuotaState, startsIn, withoutUnspent, withReport, withStart } from "./quota-state.ts";
import { instalmentOf, nextPayments, type Payment, type TurnHistory } from "./waiting-room.ts";

export interface QuotaExchange {
  readonly waiting: readonly Entry[];
  readonly history: TurnHistory;
  /** The most payments. */
  readonly count: number;
  readonly calls: ConcurrentCalls;
  /** In flight in this process. */
  readonly callsInFlight: number;
  /** Of former leases. */
  readonly unspent: Amount;
  /** What the lease still has. */
  readonly held: Amount;
  /** What calls are expected to need beyond those that wait. */
  readonly wish: Amount;
  readonly report: LateReport | undefined;
}

export interface Exchanged {
  readonly paid: number;
  /** Until the next may start, in milliseconds; `undefined` until a call of this process ends. */
  readonly waitMs: number | undefined;
  readonly state: QuotaState | undefined;
  readonly payments: readonly Payment<Entry>[];
  /** What the lease gets beside what it has; absent when there is to be none. */
  readonly grant?: Grant | undefined;
}

/** Nobody tells when a call of another replica ends: it is looked for after this time, in milliseconds. */
const othersEndMs = 200;

export function exchanged(stored: QuotaState | undefined, exchange: QuotaExchange, at: number): Change<QuotaState, Exchanged> {
  if (!stored) return { result: { paid: 0, waitMs: 0, state: stored, payments: [] } };
  const { calls, callsInFlight, waiting } = exchange;
  const { state: afterPayments, started, ...payment } = afterPaying(settled(stored, exchange, at), exchange, at);
  const running = callsInFlight + started;
  const grant = started === waiting.length ? grantOf(afterPayments, exchange, running, at) : undefined;
  let state = grant ? withStart(afterPayments, grant.requests, grant.tokens ?? 0, at) : afterPayments;
  if (state === stored) return { result: { ...payment, state } };
  state = calls.withCalls(state, grant && calls.isLimited ? grant.mostCalls : running, at);
  return { next: state, result: { ...payment, state, grant } };
}

/** The state with what this process has not told yet. */
function settled(stored: QuotaState, { unspent, report, held }: QuotaExchange, at: number): QuotaState {
  const state = unspent.requests !== 0 || unspent.tokens !== 0 ? withoutUnspent(stored, unspent, at) : stored;
  if (!report) return state;
  const { requests, tokens } = added(report.uncounted, held);
  return withReport(state, report.reported, { calls: requests, tokens }, at);
}

interface AfterPaying extends Pick<Exchanged, "paid" | "waitMs" | "payments"> {
  readonly state: QuotaState;
  /** Requests that have paid all they owed. */
  readonly started: number;
}

/** The next payments, as many as there is room for. */
function afterPaying(known: QuotaState, exchange: QuotaExchange, at: number): AfterPaying {
  const { waiting, history, count, calls, callsInFlight } = exchange;
  const largest = known.tokens ? instalmentOf(waiting, known.tokens.capacity) : Number.POSITIVE_INFINITY;
  const payments = nextPayments(waiting, history, largest, count);
  let state = known;
  let allowed = calls.mostMore(state, callsInFlight, at);
  let paid = 0;
  let started = 0;
  let waitMs: number | undefined = 0;
  for (const { tokens, isLast } of payments) {
    const call = isLast ? 1 : 0;
    if (call > allowed) {
      waitMs = calls.ofOthers(state, at) > 0 ? othersEndMs : undefined;
      break;
    }
    waitMs = startsIn(state, call, tokens, at);
    if (waitMs > 0) break;
    state = withStart(state, call, tokens, at);
    allowed -= call;
    paid += 1;
    started += call;
  }
  return { state, paid, started, waitMs, payments };
}

/** As many calls at once again as there are, and so many more. */
const fewCalls = 4;

/** @param running calls of this process. */
function grantOf(state: QuotaState, { wish, held, calls }: QuotaExchange, running: number, at: number): Grant | undefined {
  if (wish.requests === 0) return undefined;
  const tokensPerCall = Math.ceil(wish.tokens / wish.requests);
  const ofCalls = leasedCalls(running + fewCalls, calls.mostMore(state, running, at));
  const requests = leasedCalls(wish.requests, callsLeft(state, tokensPerCall, at));
  if (requests === 0 || ofCalls === 0) return undefined;
  return {
    requests: Math.max(0, requests - held.requests),
    tokens: state.tokens && Math.max(0, requests * tokensPerCall - held.tokens),
    mostCalls: calls.isLimited ? running + ofCalls : Number.POSITIVE_INFINITY,
  };
}
