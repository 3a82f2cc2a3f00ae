// What all replicas know of one budget's counter in one window of time, and how it changes. Pure.
//
// A replica holds a part of what is left, and spends from it without asking. What it holds covers its reservations and what it
// has spent since it last told; the rest is spare. Near the limit nobody has any to spare: each call is asked for by itself.
//
// C1 What is spent and held, by all replicas together, is not more than the limit, unless a call cost more than its worst case.
// C2 A replica tells what it has spent in all, not what it has spent more: the same told twice counts once.
// C3 What a replica held that has died is free again when its lease ends. What its calls cost is found when their requests are
//    delivered again, and charged then.
import { z } from "zod";

export const counterStateSchema = z.object({
  /** What replicas have spent that are gone. */
  settled: z.number(),
  replicas: z.record(
    z.string(),
    z.object({
      spent: z.number().nonnegative(),
      held: z.number().nonnegative(),
      /** Milliseconds since the epoch. */
      leaseEndsAt: z.number(),
    }),
  ),
  /** Until then somebody waits for room, and nobody keeps any to spare. */
  wantedUntil: z.number(),
});
export type CounterState = z.infer<typeof counterStateSchema>;

export const emptyCounter: CounterState = { settled: 0, replicas: {}, wantedUntil: 0 };

/** A replica that has said nothing for so long is gone, in milliseconds. */
export const leaseMs = 30_000;
const wantedMs = 5_000;
/** A replica keeps so much of what is left to spare, */
const spareShare = 1 / 16;
/** but not more than so many times what it is usually asked for, and nothing if that is less than twice as much. */
const mostSpareTimes = 200;
const leastSpareTimes = 2;

/** What one replica wants of the counter. */
export interface Exchange {
  readonly replica: string;
  /** What it has spent in all in this window, */
  readonly spent: number;
  /** what of that it had told when it last heard of its entry, */
  readonly told: number;
  /** and what of it was found to be settled already, because its entry was gone. */
  readonly settledBefore: number;
  /** Worst cases of its calls that run. */
  readonly reserved: number;
  /** Worst cases of calls that wait to start. */
  readonly asked: readonly number[];
  /** What it is usually asked for; 0: it has not been asked for a while, and needs nothing to spare. */
  readonly usual: number;
  readonly limit: number;
  readonly now: number;
}

export interface ExchangeResult {
  readonly next: CounterState;
  /** Which of those asked for may start. */
  readonly granted: readonly boolean[];
  readonly held: number;
  readonly settledBefore: number;
  /** What all have spent, as far as it was told. */
  readonly spent: number;
}

/** Numbers of dollars differ in their last digits. */
const rounding = 1e-9;

/** Tells what was spent, gives back what is not needed, and takes what is. */
export function exchanged(state: CounterState, exchange: Exchange): ExchangeResult {
  const { replica, reserved, asked, limit, now } = exchange;
  const { settled, replicas } = withoutDead(state, replica, now);
  const { [replica]: mine, ...others } = replicas;
  // Its entry was taken for that of a dead one: what it had told is among what is settled (C2).
  const settledBefore = mine === undefined ? exchange.told : exchange.settledBefore;
  const own = Math.max(0, exchange.spent - settledBefore);
  const othersSpent = sum(Object.values(others).map(({ spent }) => spent));
  const othersHeld = sum(Object.values(others).map(({ held }) => held));
  const spent = settled + othersSpent + own;
  const room = limit * (1 + rounding) - spent - othersHeld - reserved;
  let taken = 0;
  const granted = asked.map((amount) => {
    if (taken + amount > room) return false;
    taken += amount;
    return true;
  });
  const isWanted = asked.some((amount, index) => !granted[index] && !isExhausted(spent, amount, limit));
  const wantedUntil = isWanted ? now + wantedMs : state.wantedUntil;
  const spare = wantedUntil > now ? 0 : spareOf(room - taken, exchange.usual);
  const held = reserved + taken + spare;
  const entry = { spent: own, held, leaseEndsAt: now + leaseMs };
  return {
    next: { settled, replicas: { ...others, [replica]: entry }, wantedUntil },
    granted,
    held,
    settledBefore,
    spent,
  };
}

function spareOf(room: number, usual: number): number {
  const spare = Math.min(room * spareShare, usual * mostSpareTimes);
  return spare < usual * leastSpareTimes ? 0 : Math.max(0, spare);
}

/** Whether a call can never start in this window: what is spent stays spent. */
export const isExhausted = (spent: number, amount: number, limit: number): boolean => spent + amount > limit * (1 + rounding);

function withoutDead({ settled, replicas }: CounterState, self: string, now: number): Pick<CounterState, "settled" | "replicas"> {
  const entries = Object.entries(replicas);
  const dead = entries.filter(([name, { leaseEndsAt }]) => name !== self && leaseEndsAt <= now);
  if (dead.length === 0) return { settled, replicas };
  return {
    settled: settled + sum(dead.map(([, { spent }]) => spent)),
    replicas: Object.fromEntries(entries.filter((entry) => !dead.includes(entry))),
  };
}

/** What is spent and held, for a person to look at. */
export function totalsOf(state: CounterState, now: number): { readonly spent: number; readonly held: number } {
  const live = Object.values(state.replicas);
  return {
    spent: state.settled + sum(live.map(({ spent }) => spent)),
    held: sum(live.filter(({ leaseEndsAt }) => leaseEndsAt > now).map(({ held }) => held)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
