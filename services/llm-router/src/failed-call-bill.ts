// What a call costs that came to no usable answer: a vendor bills what it did, whatever becomes of it.
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { isUnbilled } from "@nocp/models/failures/is-unbilled.ts";
import { type CallProgress, type CountedTokens, usageOf } from "@nocp/models/reported-usage.ts";

export type CallBill = Pick<ProviderAttempt, "usage" | "costUsd" | "atMostUsd">;

export interface FailedCall {
  readonly thrown: unknown;
  readonly progress: CallProgress;
  readonly streamed: boolean;
  readonly countTokens: (written: string) => CountedTokens;
  /** US dollars; `null` when the model has no known price. */
  readonly priceOf: (usage: Usage) => number | null;
  /** The price of the whole prompt and the longest answer. */
  readonly worstCaseUsd: number | null;
}

/**
 * By the usage that the vendor reported; else, once some of an answer came, by NOCP's count of it; else 0 if the vendor
 * certainly did not bill, and unknown if it may have.
 */
export function billOfFailedCall(call: FailedCall): CallBill {
  const { thrown, progress, streamed, priceOf, worstCaseUsd } = call;
  const isWritten = progress.usage !== null || progress.output !== "";
  if (!isWritten && isUnbilled(thrown)) return { costUsd: 0 };
  if (isWritten || (streamed && progress.answered)) {
    const usage = usageSoFar(call);
    return { usage, costUsd: priceOf(usage) };
  }
  if (worstCaseUsd === 0) return { costUsd: 0 };
  return { costUsd: null, ...(worstCaseUsd === null ? {} : { atMostUsd: worstCaseUsd }) };
}

/** Usage in the middle of a stream is of its beginning: what was written since is counted. */
function usageSoFar({ thrown, progress, streamed, countTokens }: FailedCall): Usage {
  const count = () => countTokens(progress.output);
  const usage = usageOf(progress.usage, count);
  if (!streamed || usage.source === "counted" || isWhole(thrown)) return usage;
  const { outputTokens } = count();
  return outputTokens > usage.outputTokens ? { ...usage, outputTokens, source: "counted" } : usage;
}

/** Whether the error is about an answer that came to its end. */
const isWhole = (thrown: unknown): boolean =>
  thrown instanceof NocpError && (thrown.code === "PROVIDER_INVALID_RESPONSE" || thrown.code === "CONTENT_FILTERED");
