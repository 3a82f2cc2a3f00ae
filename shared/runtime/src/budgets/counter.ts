// One budget's counter in one window of time, as this process keeps it: reservations are made from what it holds, and what it
// has spent is told to the others a moment later, all together.
import type { SharedState } from "../stores/shared-state.ts";
import { CounterLedger } from "./counter-ledger.ts";
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
  const ledger = new CounterLedger();
  let asks: Ask[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  let usual = 0;
  let exchanging: Promise<void> | undefined;
  let telling: { readonly at: number; cancel(): void } | undefined;

  const change = async (waiting: readonly Ask[]): Promise<ExchangeResult> => {
    const told = ledger.statement();
    const asked = waiting.map(({ amount }) => amount);
    const result = await shared.change(key, (current) => {
      const at = now();
      const wish = at - askedAt < quietMs ? usual : 0;
      // A counter that was lost is told everything again.
      const before = current === undefined ? { told: 0, settledBefore: 0 } : ledger.toldBefore();
      const result = exchanged(current ?? emptyCounter, {
        ...{ replica, ...told, ...before, asked },
        ...{ usual: wish, limit: limit(), now: at },
      });
      return { next: result.next, result };
    });
    ledger.learn(result, told.spent);
    return result;
  };

  const answer = (waiting: readonly Ask[], { granted, spent: spentThen }: ExchangeResult): void => {
    waiting.forEach(({ amount, resolve }, index) => {
      if (granted[index]) {
        ledger.hold(amount);
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
        ledger.keepNoSpare();
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
    if (exchanging !== undefined || (!ledger.hasNews && ledger.held === 0)) return;
    const delayMs = ledger.hasNews ? tellAfterMs : ledger.spare > 0 ? quietMs : renewMs;
    const at = now() + delayMs;
    // A lease is renewed much later than what was spent is told.
    if (telling !== undefined && telling.at <= at) return;
    telling?.cancel();
    telling = { at, cancel: clock.after(delayMs, () => void exchange()) };
  };

  return {
    get spent() {
      return ledger.spentByAll;
    },
    reserve(amount) {
      askedAt = now();
      usual = usual === 0 ? amount : usual * 0.9 + amount * 0.1;
      // What is held may just be given back.
      if (exchanging === undefined && ledger.isCovered(amount)) {
        ledger.hold(amount);
        return Promise.resolve({ kind: "reserved" });
      }
      const { promise, resolve, reject } = Promise.withResolvers<Reserved>();
      asks.push({ amount, resolve, reject });
      void exchange();
      return promise;
    },
    charge(amount) {
      ledger.spend(amount);
      tellLater();
    },
    settle(amount, cost) {
      ledger.release(amount);
      ledger.spend(cost);
      tellLater();
    },
    async flush() {
      askedAt = Number.NEGATIVE_INFINITY;
      await exchanging;
      if (ledger.hasNews || ledger.spare !== 0) await exchange();
    },
    get isIdle() {
      return ledger.isEmpty && exchanging === undefined;
    },
  };
}
