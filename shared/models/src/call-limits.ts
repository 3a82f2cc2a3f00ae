// How long a call may be silent. Nothing here bounds the whole answer: only the deadline of the request does.
import { setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

/** All in milliseconds. */
export interface CallLimits {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** Until the model has written something: text, reasoning it shows, or arguments of a tool. */
  readonly ttftMs: number;
  /** Between two pieces of what it writes. */
  readonly stallMs: number;
}

const second = 1000;
const limit = z.int().min(10);

/** Part of every provider's section. */
export const callLimitSettings = {
  connectMs: setting(limit, 5 * second, "Longest wait for a connection, in milliseconds."),
  ttftMs: setting(
    limit,
    10 * second,
    "Longest wait for the first piece of an answer, in milliseconds, while another candidate is left. Long prompts and models that think get more, and the last candidate twelve times as much.",
  ),
  stallMs: setting(
    limit,
    15 * second,
    "Longest pause within an answer, in milliseconds, while another candidate is left; models that think and the last candidate get more.",
  ),
};

/** With the last candidate nothing is gained by leaving early: a slow model on a small machine still answers. */
const lastCandidatePatience = 12;
/** A prompt is read before the first piece is written: 5,000 tokens a second is slow for a server. */
const readingMsPerToken = 0.2;
/** Models think unseen for this many times as long as others wait. */
const thinkingPatience = { none: 1, minimal: 2, low: 3, medium: 6, high: 12 } as const;

export interface LimitedCall {
  readonly inputTokens: number;
  /** `undefined` for a model that does not think before it writes. */
  readonly thinks: keyof typeof thinkingPatience | undefined;
  readonly isLastCandidate: boolean;
}

/** The limits of one call. */
export function limitsOfCall(set: CallLimits, { inputTokens, thinks, isLastCandidate }: LimitedCall): CallLimits {
  const patience = (isLastCandidate ? lastCandidatePatience : 1) * thinkingPatience[thinks ?? "none"];
  return {
    connectMs: set.connectMs,
    ttftMs: set.ttftMs * patience + inputTokens * readingMsPerToken,
    stallMs: set.stallMs * patience,
  };
}
