// One budget's counter in one window of time, as this process keeps it: reservations are made from what it holds, and what it
// has spent is told to the others a moment later, all together.
import type { SharedState } from "../stores/shared-state.ts";
import { type CounterState, type ExchangeResult, emptyCounter, exchanged, isExhausted, leaseMs } from "./counter-state.ts";

export interface CounterOptions {
  readonly key: string;
  readonly replica: string;
  readonly shared: SharedState<CounterState>;
  readonly limit: () => number;
  readonly clock: CounterClock;
}

export interface CounterClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs `work` later. @returns what keeps it from running. */
  readonly after: (delayMs: number, work: () => void) => () => void;
}

export type Reserved =
  | { readonly kind: "reserved" }
  /** Never in this window. */
  | { readonly kind: "exhausted"; readonly spent: number }
  /** Calls that run hold what is left. */
  | { readonly kind: "busy"; readonly spent: number };

export interface Counter {
  /** As far as this process knows. */
  readonly spent: number;
  /** @throws when the broker does not answer, and this process does not hold enough. */
  reserve(amount: number): Promise<Reserved>;
  /** Spends without asking, as with a call that is over, or while the broker does not answer. */
  charge(amount: number): void;
  /** Once for each reservation. @param amount that was reserved. @param spent what the call cost in the end. */
  settle(amount: number, spent: number): void;
  /** Tells what was spent, and gives back what is held and not needed. */
  flush(): Promise<void>;
  /** Nothing is held, and nothing is left to tell. */
  readonly isIdle: boolean;
}

interface Ask {
  readonly amount: number;
  readonly resolve: (reserved: Reserved) => void;
  readonly reject: (error: unknown) => void;
}

/** What was spent is told after this time, with what was spent meanwhile. */
const tellAfterMs = 100;
/** While it holds something, it gives signs of life so often. */
const renewMs = leaseMs / 10;
/** Without a call for so long, nothing is kept to spare. */
const quietMs = 1_000;

export function createCounter({ key, replica, shared, limit, clock }: CounterOptions): Counter {
  const { now } = clock;
  /** In this window, in all; what of it was told, and what of that is counted as a dead replica's (C2). */
  let spent = 0;
  let told = 0;
  let settledBefore = 0;
  /** Worst cases of calls that run, and how many they are: dollars that were added and taken away again leave a last digit. */
  let reserved = 0;
  let running = 0;
  /** As the others know it: covers the reservations and what was spent since it was told. */
  let held = 0;
  /** By all, when this process last told. */
  let spentByAll = 0;
  let asks: Ask[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  let usual = 0;
  let exchanging: Promise<void> | undefined;
  let telling: { readonly at: number; cancel(): void } | undefined;

  const change = async (waiting: readonly Ask[]): Promise<ExchangeResult> => {
    const spentNow = spent;
    const mine = { replica, spent, reserved, asked: waiting.map(({ amount }) => amount) };
    const result = await shared.change(key, (current) => {
      // A counter that was lost is told everything again.
      const known = current === undefined ? { told: 0, settledBefore: 0 } : { told, settledBefore };
      const at = now();
      const wish = at - askedAt < quietMs ? usual : 0;
      const result = exchanged(current ?? emptyCounter, { ...mine, ...known, usual: wish, limit: limit(), now: at });
      return { next: result.next, result };
    });
    told = spentNow;
    ({ held, settledBefore } = result);
    spentByAll = result.spent;
    return result;
  };

  const hold = (amount: number): void => {
    reserved += amount;
    running += 1;
  };

  const answer = (waiting: readonly Ask[], { granted, spent: spentThen }: ExchangeResult): void => {
    waiting.forEach(({ amount, resolve }, index) => {
      if (granted[index]) {
        hold(amount);
        resolve({ kind: "reserved" });
      } else resolve({ kind: isExhausted(spentThen, amount, limit()) ? "exhausted" : "busy", spent: spentThen });
    });
  };

  const run = async (): Promise<void> => {
    telling?.cancel();
    telling = undefined;
    do {
      const waiting = asks;
      asks = [];
      try {
        answer(waiting, await change(waiting));
      } catch (error) {
        // Nobody knows what of it was done: nothing is to spare until the broker answers.
        held = Math.min(held, reserved + Math.max(0, spent - told));
        for (const { reject } of waiting) reject(error);
      }
    } while (asks.length > 0);
    exchanging = undefined;
    tellLater();
  };

  const exchange = (): Promise<void> => {
    exchanging ??= run();
    return exchanging;
  };

  const tellLater = (): void => {
    if (exchanging !== undefined || (spent === told && held === 0)) return;
    const delayMs = spent !== told ? tellAfterMs : held > reserved ? quietMs : renewMs;
    const at = now() + delayMs;
    // A lease is renewed much later than what was spent is told.
    if (telling !== undefined && telling.at <= at) return;
    telling?.cancel();
    telling = { at, cancel: clock.after(delayMs, () => void exchange()) };
  };

  const isCovered = (amount: number): boolean => reserved + amount + (spent - told) <= held;

  return {
    get spent() {
      return spentByAll + Math.max(0, spent - told);
    },
    reserve(amount) {
      askedAt = now();
      usual = usual === 0 ? amount : usual * 0.9 + amount * 0.1;
      // What is held may just be given back.
      if (exchanging === undefined && isCovered(amount)) {
        hold(amount);
        return Promise.resolve({ kind: "reserved" });
      }
      const { promise, resolve, reject } = Promise.withResolvers<Reserved>();
      asks.push({ amount, resolve, reject });
      void exchange();
      return promise;
    },
    charge(amount) {
      spent += amount;
      tellLater();
    },
    settle(amount, cost) {
      running -= 1;
      reserved = running > 0 ? Math.max(0, reserved - amount) : 0;
      spent += cost;
      tellLater();
    },
    async flush() {
      askedAt = Number.NEGATIVE_INFINITY;
      await exchanging;
      if (spent !== told || held !== reserved) await exchange();
    },
    get isIdle() {
      return spent === told && held === 0 && reserved === 0 && exchanging === undefined;
    },
  };
}
