// Calls that this process may start without asking: it has taken them from the shared state beforehand.
//
// Far from the limit a lease has the calls of the next quarter of a second, and is topped up when half of it is used, while
// calls go on. Near the limit there is none, and each call takes its own turn.

/** Calls that start, and the tokens that they take. */
export interface Amount {
  readonly requests: number;
  readonly tokens: number;
}

export const noAmount: Amount = { requests: 0, tokens: 0 };

export interface Lease {
  /** Calls that may still start. */
  requests: number;
  /** Tokens that they may take, less than nothing when the last ones took more than expected; undefined: not limited. */
  tokens: number | undefined;
  /** Calls that may be in flight. */
  readonly mostCalls: number;
  /** What it had at its start. */
  readonly full: Amount;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** What a process takes beyond the calls that wait. */
export interface Grant {
  readonly requests: number;
  readonly tokens: number | undefined;
  readonly mostCalls: number;
}

export const leaseMs = 250;
/** Of what is left, a process takes this part at most, */
const leasedShare = 1 / 8;
/** and nothing if that is less than so many calls. */
const leastCalls = 2;

/**
 * How many calls a process takes beforehand.
 * @param wished what its calls need while the lease lasts.
 * @param left calls that could start now.
 */
export function leasedCalls(wished: number, left: number): number {
  const calls = Math.floor(Math.min(wished, left * leasedShare));
  return calls < leastCalls ? 0 : calls;
}

/** Whether a call may start from it. @param callsInFlight of this process. */
export const covers = (lease: Lease, tokens: number, callsInFlight: number, at: number): boolean =>
  at < lease.endsAt &&
  lease.requests >= 1 &&
  (lease.tokens === undefined || lease.tokens >= tokens) &&
  callsInFlight < lease.mostCalls;

export function takeFrom(lease: Lease, tokens: number): void {
  lease.requests -= 1;
  if (lease.tokens !== undefined) lease.tokens -= tokens;
}

/** What of it is left to give back, or tokens to be paid for. */
export const unspentOf = ({ requests, tokens = 0 }: Lease): Amount => ({ requests, tokens });

/** Time to ask for more, or to give back what is left. */
export const isRunningOut = ({ requests, tokens, full, endsAt }: Lease, at: number): boolean =>
  at >= endsAt || requests < full.requests / 2 || (tokens !== undefined && tokens < full.tokens / 2);

/** The lease with what was granted beside what is left of it. */
export function toppedUp(lease: Lease | undefined, { requests, tokens, mostCalls }: Grant, at: number): Lease {
  const all = {
    requests: requests + (lease?.requests ?? 0),
    tokens: tokens === undefined ? undefined : tokens + (lease?.tokens ?? 0),
  };
  return { ...all, mostCalls, full: { requests: all.requests, tokens: all.tokens ?? 0 }, endsAt: at + leaseMs };
}

/** How many calls started, and what they took, since a moment. */
export interface Demand extends Amount {
  readonly since: number;
}

/** A burst is no pace. */
const shortestDemandMs = 50;

/** What calls will need while a lease lasts, if they go on as they did lately. */
export function expectedDemand({ requests, tokens, since }: Demand, at: number): Amount {
  const times = leaseMs / Math.max(shortestDemandMs, at - since);
  return { requests: requests * times, tokens: tokens * times };
}

export const added = (one: Amount, other: Amount): Amount => ({
  requests: one.requests + other.requests,
  tokens: one.tokens + other.tokens,
});
