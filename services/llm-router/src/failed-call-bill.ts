// What a call costs that came to no usable answer: a vendor bills what it did, whatever becomes of it.
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { providerFailureOf } from "@nocp/models/failures/provider-failure.ts";
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

/** Gateways that stopped waiting (504; 524 is Cloudflare's): whoever is behind them may have answered, and billed. */
const gatewayTimeouts = new Set([504, 524]);

/** Node's and undici's codes of connections that were never made: no request was sent. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** Whether the call was never sent, or answered with an error instead of work. */
function isUnbilled(thrown: unknown): boolean {
  if (thrown instanceof NocpError) return thrown.code === "PROVIDER_UNSUPPORTED";
  const { status, networkCode } = providerFailureOf(thrown);
  if (status !== undefined) return !gatewayTimeouts.has(status);
  if (networkCode !== undefined) return neverConnected.test(networkCode);
  return isErrorBody(thrown);
}

/** An error object as the whole answer, with the status 200. */
const isErrorBody = (thrown: unknown): boolean =>
  thrown instanceof Error && "error" in thrown && typeof thrown.error === "object" && thrown.error !== null;
