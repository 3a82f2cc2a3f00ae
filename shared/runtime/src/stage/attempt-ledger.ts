// How often a handler was started on a message (M4), kept in the broker so that it survives the process.
//
// The broker's own delivery count cannot serve alone: it also counts messages that were handed out and never started,
// and those that a stopping service gave back. A crash of one poisoned message would use up the attempts of all the
// innocent ones that waited beside it. And it forgets: a handing-out to a connection that had just died is taken back,
// so that the next one is called the first. So the first delivery of a message that came after the process started
// costs nothing, and every other one reads and writes a count of starts before its handler runs.

import { z } from "zod";
import type { RecordStore } from "../stores/record-store.ts";

export const startsSchema = z.object({
  starts: z.int(),
  crashes: z.int(),
  /** How the last start ended: `running` at the next delivery means that the process died with it. */
  state: z.enum(["running", "returned"]),
  /** Milliseconds that the message spent waiting for providers, over all its deliveries. Absent in records of a release before. */
  heldMs: z.number().nonnegative().default(0),
});
type Starts = z.infer<typeof startsSchema>;

/** Crashes that may be another message's fault; from the next one on a message is handled alone. */
const forgivenCrashes = 1;

export interface AttemptLedger {
  /** The process died more than once while this message, among others, was being handled: handle it alone. */
  isSuspect(key: string, deliveryCount: number): Promise<boolean>;
  /** Records the start of a message that was, or may have been, handed out before; call it right before its handler runs. */
  start(key: string, deliveryCount: number): Promise<CountedStart>;
  /**
   * Records that the start ended in order (a retry), so that the next delivery is not taken for a crash.
   * @param heldMs what the message waits for providers until then, earlier deliveries included.
   */
  end(key: string, attempt: number, heldMs: number): Promise<void>;
  /** Takes a start back: it waits for a quota, or the service stopped before the handler was done. @param heldMs as of `end`. */
  takeBack(key: string, attempt: number, heldMs: number): Promise<void>;
  /** Says of a message that goes back unstarted that this handing-out was no start. */
  skip(key: string, deliveryCount: number): Promise<void>;
}

export interface CountedStart {
  /** From 1. */
  readonly attempt: number;
  /** Starts before this one of which nobody knows how they ended. */
  readonly lostStarts: number;
  /** Milliseconds that the message has waited for providers since it was first handed out. */
  readonly heldMs: number;
}

/** Nothing recorded on a second delivery: the first ended without a word, so it counts as a start that crashed. */
const unrecorded: Starts = { starts: 1, crashes: 0, state: "running", heldMs: 0 };
/** Nothing recorded on what the broker calls the first delivery. */
const neverStarted: Starts = { starts: 0, crashes: 0, state: "returned", heldMs: 0 };

const crashesOf = ({ crashes, state }: Starts): number => crashes + (state === "running" ? 1 : 0);

/** @param records with a time to live; keys are `<durable>.<stream sequence>`. */
export function createAttemptLedger(records: RecordStore<Starts>): AttemptLedger {
  const before = async (key: string, deliveryCount: number): Promise<Starts> =>
    (await records.get(key)) ?? (deliveryCount > 1 ? unrecorded : neverStarted);
  return {
    isSuspect: async (key, deliveryCount) => crashesOf(await before(key, deliveryCount)) > forgivenCrashes,
    async start(key, deliveryCount) {
      const last = await before(key, deliveryCount);
      const starts = last.starts + 1;
      const crashes = crashesOf(last);
      const { heldMs } = last;
      await records.put(key, { starts, crashes, state: "running", heldMs });
      return { attempt: starts, lostStarts: crashes, heldMs };
    },
    async end(key, attempt, heldMs) {
      const last = attempt > 1 ? await records.get(key) : undefined;
      await records.put(key, { starts: attempt, crashes: last?.crashes ?? 0, state: "returned", heldMs });
    },
    async takeBack(key, attempt, heldMs) {
      const last = await records.get(key);
      await records.put(key, { starts: attempt - 1, crashes: last?.crashes ?? 0, state: "returned", heldMs });
    },
    async skip(key, deliveryCount) {
      // What is known of earlier handings-out stays as it is, a crash among them.
      if (deliveryCount > 1 || (await records.get(key)) !== undefined) return;
      await records.put(key, neverStarted);
    },
  };
}
