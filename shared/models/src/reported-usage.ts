// The tokens of a call as its vendor reports them, and the usage that goes on the bill.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { HeaderLookup } from "./failures/retry-after.ts";

/** In NOCP's meaning, whatever the vendor's: cached tokens are part of the input, reasoning is part of the output. */
export interface ReportedUsage {
  /** `null` where the answer does not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Of the cache writes, those kept for an hour. */
  readonly cacheWriteOneHourTokens: number;
  readonly reasoningTokens: number;
}

export interface CountedTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * The usage for the bill: what the vendor reports, and NOCP's own count where it does not.
 * @param count is asked only when something is missing; the usage then says `counted`.
 */
export function usageOf(reported: ReportedUsage | null, count: () => CountedTokens): Usage {
  const { inputTokens = null, outputTokens = null } = reported ?? {};
  const isComplete = inputTokens !== null && outputTokens !== null;
  const counted = isComplete ? { inputTokens, outputTokens } : count();
  const oneHour = reported?.cacheWriteOneHourTokens ?? 0;
  return {
    inputTokens: inputTokens ?? counted.inputTokens,
    outputTokens: outputTokens ?? counted.outputTokens,
    cacheReadTokens: reported?.cacheReadTokens ?? 0,
    cacheWriteTokens: reported?.cacheWriteTokens ?? 0,
    ...(oneHour === 0 ? {} : { cacheWriteOneHourTokens: oneHour }),
    reasoningTokens: reported?.reasoningTokens ?? 0,
    source: isComplete ? "provider" : "counted",
  };
}

/** What is known of a call while it runs: the bill of a call that comes to no answer rests on it. Its provider writes it. */
export interface CallProgress {
  /** As the answer names it. */
  model?: string;
  /** What the vendor calls the answer, e.g. when its support is asked about it. */
  id?: string;
  /** The newest that was reported. */
  usage: ReportedUsage | null;
  /** Text, reasoning and arguments of tools, as far as they came: output that is billed. */
  output: string;
  /** Some of an answer came: the vendor has begun to work. */
  answered: boolean;
  /** The vendor did something that it bills beside tokens, at a price that is not known here. */
  hasUnknownCosts?: boolean;
  /** Events of the stream that could not be read: the answer may lack what they held. */
  unreadableEvents?: number;
  /** Looks up a header of the response; absent until there is one. */
  header?: HeaderLookup;
}

/** Keeps what an answer says of itself; what it does not say stands as it was. */
export function noteIdentity(
  progress: CallProgress,
  { id, model }: { readonly id?: unknown; readonly model?: string | null | undefined },
): void {
  if (model) progress.model = model;
  if (typeof id === "string" && id !== "") progress.id = id;
}

export function noteUnreadable(progress: CallProgress | undefined): void {
  if (progress) progress.unreadableEvents = (progress.unreadableEvents ?? 0) + 1;
}

export const noProgress = (): CallProgress => ({ usage: null, output: "", answered: false });
