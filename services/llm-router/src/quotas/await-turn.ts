// A request that waits for its turn in this process: the turn, or what ends the wait before it.
import { unknownWaitMs } from "./expected-waits.ts";
import type { Entry, LocalQuota } from "./local-quota.ts";
import type { Turn } from "./turn.ts";

/** @param patienceMs Infinity for no limit. @throws the reason of the entry's signal when it fires. */
export async function awaitTurn(entry: Entry, quota: LocalQuota, turn: Promise<Turn>, patienceMs: number): Promise<Turn> {
  const { signal } = entry.asked;
  const leave = () => {
    const before = quota.waiting.length;
    quota.waiting = quota.waiting.filter((other) => other !== entry);
    quota.wake?.();
    return quota.waiting.length < before;
  };
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    if (leave()) reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = Number.isFinite(patienceMs)
    ? setTimeout(() => {
        if (leave()) entry.resolve({ kind: "later", delayMs: unknownWaitMs, isTooLong: true });
      }, patienceMs)
    : undefined;
  try {
    return await Promise.race([turn, aborted]);
  } finally {
    clearTimeout(timer);
    entry.asked.onWaited?.();
    signal.removeEventListener("abort", onAbort);
  }
}
