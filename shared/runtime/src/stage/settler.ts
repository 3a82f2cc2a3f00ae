// Runs attempts and settles their deliveries: the one place where that is done (M1), and where starts are counted (M4).
import type { AttemptLedger } from "./attempt-ledger.ts";
import type { Delivery } from "./delivery.ts";
import { heldForProviderMs, type Settlement } from "./settlement.ts";
import type { StageAttempt } from "./stage-attempt.ts";

export interface Settler {
  /** @throws Error when the ledger cannot be reached: nothing is settled then, and the lease runs out. */
  run(attempt: StageAttempt): Promise<void>;
  /** Gives back what was never started. @param delayMs how long it is held. */
  returnUnstarted(delivery: Delivery, delayMs?: number): Promise<void>;
}

/** @param handle all interceptors around the handler; never rejects. */
export function createSettler(ledger: AttemptLedger, handle: (attempt: StageAttempt) => Promise<Settlement>): Settler {
  /** Suspects of having killed the process run one after the other. */
  let suspects: Promise<unknown> = Promise.resolve();

  const settle = async (attempt: StageAttempt, settlement: Settlement): Promise<void> => {
    const { delivery, number } = attempt;
    const heldMs = attempt.heldMs + attempt.pausedMs + heldForProviderMs(settlement);
    switch (settlement.kind) {
      case "retry":
        await ledger.end(delivery.key, number, heldMs);
        return delivery.giveBack(settlement.delayMs);
      case "wait":
        await ledger.takeBack(delivery.key, number, heldMs);
        return delivery.giveBack(settlement.delayMs);
      case "return":
        await ledger.takeBack(delivery.key, number, heldMs);
        return delivery.giveBack(0);
      case "dead-letter":
        return delivery.terminate(settlement.error.code);
      case "ack":
        return acknowledge(attempt, heldMs);
      default:
        return delivery.ack();
    }
  };

  /** What was handed on within the process has this message as its durable copy: it comes first (M2). */
  const acknowledge = async ({ delivery, number, handovers }: StageAttempt, heldMs: number): Promise<void> => {
    const ends = await Promise.all(handovers);
    if (!ends.includes("returned")) return delivery.ack();
    await ledger.takeBack(delivery.key, number, heldMs);
    return delivery.giveBack(0);
  };

  const runCounted = async (attempt: StageAttempt): Promise<void> => {
    const { key, message } = attempt.delivery;
    const { attempt: number, lostStarts, heldMs } = await ledger.start(key, message.deliveryCount);
    Object.assign(attempt, { number, lostStarts, heldMs });
    await settle(attempt, await handle(attempt));
  };

  return {
    async run(attempt) {
      const { key, message } = attempt.delivery;
      // Only a message that may have been handed out before costs a look into the ledger.
      if (!attempt.mayBeRedelivered) return settle(attempt, await handle(attempt));
      // Whatever it came from has its turn then.
      if (message.handover !== undefined) return runCounted(attempt);
      if (!(await ledger.isSuspect(key, message.deliveryCount))) return runCounted(attempt);
      // Suspects take turns, and a start counts when its turn has come: who dies waiting has not been started.
      const turn = suspects.then(() => runCounted(attempt));
      suspects = turn.catch(() => undefined);
      return turn;
    },
    async returnUnstarted(delivery, delayMs = 0) {
      await ledger.skip(delivery.key, delivery.message.deliveryCount).catch(() => undefined);
      if (!delivery.settled) delivery.giveBack(delayMs);
    },
  };
}
