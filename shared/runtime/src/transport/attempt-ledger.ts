// How often a handler was started on a message (M4), kept in the broker so that it survives the process.
//
// The broker's own delivery count cannot serve alone: it also counts messages that were handed out and never started,
// and those that a stopping service gave back. A crash of one poisoned message would use up the attempts of all the
// innocent ones that waited beside it. And it forgets: a handing-out to a connection that had just died is taken back,
// so that the next one is called the first. So the first delivery of a message that came after the process started
// costs nothing, and every other one reads and writes a count of starts before its handler runs.

import type { KV } from "@nats-io/kv";
import { encodeJson } from "./encode-json.ts";

/** How a message's previous start ended: `running` at the next delivery means that the process died with it. */
type LedgerState = "running" | "returned";

export interface Start {
  /** Counts from 1. */
  readonly attempt: number;
}

/** Crashes that may be another message's fault; from the next one on a message is handled alone. */
const FORGIVEN_CRASHES = 1;

interface Entry {
  readonly starts: number;
  readonly crashes: number;
  readonly state: LedgerState;
}

export interface AttemptLedger {
  /** The process died more than once while this message, among others, was being handled: handle it alone. */
  isSuspect(key: string, deliveryCount: number): Promise<boolean>;
  /** Records the start of a message that was, or may have been, handed out before; call it right before its handler runs. */
  start(key: string, deliveryCount: number): Promise<Start>;
  /** Records that the start ended in order (a retry), so that the next delivery is not taken for a crash. */
  end(key: string, started: Start): Promise<void>;
  /** Takes a start back: the service stopped before the handler was done, or before it began. */
  takeBack(key: string, started: Start | undefined): Promise<void>;
}

/** Nothing recorded on a second delivery: the first ended without a word, so it counts as a start that crashed. */
const UNRECORDED: Entry = { starts: 1, crashes: 0, state: "running" };
/** Nothing recorded on what the broker calls the first delivery. */
const NEVER_STARTED: Entry = { starts: 0, crashes: 0, state: "returned" };

/** @param kv a bucket with a time to live; keys are `<durable>.<stream sequence>`. */
export function createAttemptLedger(kv: KV): AttemptLedger {
  const read = async (key: string): Promise<Entry | undefined> => {
    const stored = await kv.get(key);
    return stored?.operation === "PUT" ? stored.json<Entry>() : undefined;
  };
  const before = async (key: string, deliveryCount: number): Promise<Entry> =>
    (await read(key)) ?? (deliveryCount > 1 ? UNRECORDED : NEVER_STARTED);
  const write = (key: string, entry: Entry) => kv.put(key, encodeJson(entry));
  const crashesOf = ({ crashes, state }: Entry): number => crashes + (state === "running" ? 1 : 0);
  return {
    isSuspect: async (key, deliveryCount) => crashesOf(await before(key, deliveryCount)) > FORGIVEN_CRASHES,
    async start(key, deliveryCount) {
      const last = await before(key, deliveryCount);
      const starts = last.starts + 1;
      await write(key, { starts, crashes: crashesOf(last), state: "running" });
      return { attempt: starts };
    },
    async end(key, started) {
      const before = started.attempt > 1 ? await read(key) : undefined;
      await write(key, { starts: started.attempt, crashes: before?.crashes ?? 0, state: "returned" });
    },
    async takeBack(key, started) {
      const before = await read(key);
      const starts = started ? started.attempt - 1 : (before?.starts ?? 0);
      await write(key, { starts, crashes: before?.crashes ?? 0, state: "returned" });
    },
  };
}
