// Requests that wait for one quota in this process: whose turn is next, and who goes back to the queue when it is full.
import type { Lane } from "@nocp/contracts/topology.ts";

export interface Waiting {
  readonly tenant: string;
  readonly lane: Lane;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** Tokens of the quota that are yet to be paid. */
  owed: number;
}

/** One payment: a whole request, or an instalment of a large one, between which small ones get their turns. */
export interface Payment<W extends Waiting> {
  readonly entry: W;
  readonly tokens: number;
  readonly isLast: boolean;
}

/** Of so many turns one is the batch lane's, if it waits. */
const batchTurns = 4;

export interface TurnHistory {
  /** Turns that each tenant has had lately. */
  readonly turnsOf: ReadonlyMap<string, number>;
  /** All of them. */
  readonly turns: number;
}

/** A request of more than this many times the smallest is paid in instalments. */
const largeTimes = 4;

/** The tokens that are paid at once: a request of 100,000 leaves turns for small ones, and never takes what is not there. */
export const instalmentOf = (waiting: readonly Waiting[], capacity: number): number =>
  Math.max(1, Math.min(capacity, largeTimes * Math.min(...waiting.map(({ owed }) => owed))));

/**
 * The next payments: lane by lane, the tenant with the fewest turns first, and of one tenant the earliest deadline.
 * @param largest tokens that are paid at once.
 */
export function nextPayments<W extends Waiting>(
  waiting: readonly W[],
  history: TurnHistory,
  largest: number,
  count: number,
): Payment<W>[] {
  const owed = new Map(waiting.map((entry) => [entry, entry.owed]));
  const turnsOf = new Map(history.turnsOf);
  const payments: Payment<W>[] = [];
  let last: W | undefined;
  while (payments.length < count && owed.size > 0) {
    const entry = nextEntry([...owed.keys()], last, turnsOf, history.turns + payments.length);
    const left = owed.get(entry)!;
    const tokens = Math.min(left, largest);
    const isLast = tokens >= left;
    payments.push({ entry, tokens, isLast });
    if (isLast) owed.delete(entry);
    else owed.set(entry, left - tokens);
    turnsOf.set(entry.tenant, (turnsOf.get(entry.tenant) ?? 0) + 1);
    last = entry;
  }
  return payments;
}

function nextEntry<W extends Waiting>(
  entries: readonly W[],
  last: W | undefined,
  turnsOf: ReadonlyMap<string, number>,
  turn: number,
): W {
  // After an instalment somebody else is next.
  const others = entries.length > 1 ? entries.filter((entry) => entry !== last) : entries;
  const prefers: Lane = turn % batchTurns === batchTurns - 1 ? "batch" : "interactive";
  const ofLane = others.filter(({ lane }) => lane === prefers);
  return (ofLane.length > 0 ? ofLane : others).reduce((best, entry) => (compare(entry, best, turnsOf) < 0 ? entry : best));
}

const compare = (one: Waiting, other: Waiting, turnsOf: ReadonlyMap<string, number>): number =>
  (turnsOf.get(one.tenant) ?? 0) - (turnsOf.get(other.tenant) ?? 0) || one.deadlineAt - other.deadlineAt;

/** Who leaves a full room: of the lane and the tenant that hold most of it, the latest deadline. */
export function leaverOf<W extends Waiting>(waiting: readonly W[]): W {
  const heldBy = new Map<string, number>();
  for (const { tenant } of waiting) heldBy.set(tenant, (heldBy.get(tenant) ?? 0) + 1);
  const rank = ({ tenant, lane }: W): number => (heldBy.get(tenant) ?? 0) + (lane === "batch" ? 0.5 : 0);
  return waiting.reduce((leaver, entry) => {
    const difference = rank(entry) - rank(leaver) || entry.deadlineAt - leaver.deadlineAt;
    return difference >= 0 ? entry : leaver;
  });
}
