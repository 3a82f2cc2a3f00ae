// A message that a stage hands to the next one within its process. Nothing of it is stored: the input that it came from stays
// unacknowledged until everything that it led to has ended, and is its durable copy.
import type { Fact, FactAddress } from "@nocp/contracts/topology.ts";
import type { Context } from "@opentelemetry/api";

export interface Handover {
  readonly fact: Fact;
  readonly address: FactAddress;
  /** What the message's body would be the JSON of; whoever reads it checks it. */
  readonly content: object;
  /** Derived from the input's, so that a repetition has the same. */
  readonly messageId: string;
  readonly traceContext: Context;
  /** The input may have been handled before, so this may be a copy (M2). */
  readonly mayBeRepeated: boolean;
  /** The input may have been handed out before: starts of this message are counted, too (M4). */
  readonly mayBeRedelivered: boolean;
  /** Earlier starts of the input that ended with their process, and took whatever it had led to with them. */
  readonly lostStarts: number;
  /** Called once when the message does not end at once: keeps what must not be lost with the process (M7). */
  readonly onDelay?: (() => Promise<void>) | undefined;
}

/**
 * `settled`: the message and all that it led to are settled, so the input can be acknowledged. `returned`: it was given back,
 * e.g. because the process stops, and so the input has to be.
 */
export type HandoverEnd = "settled" | "returned";

/** @returns how it ended. Never rejects. */
export type HandOver = (handover: Handover) => Promise<HandoverEnd>;
