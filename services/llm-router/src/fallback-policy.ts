// What follows a failed call: the same candidate once more, the next one, another delivery later, or the end. Pure.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { CallLimits } from "@nocp/models/call-limits.ts";

export type FallbackWishes = NocpRequest["routing"]["fallback"] & Pick<NocpRequest["routing"], "onOutage">;

/**
 * Whether no other candidate is called: what a filter refused is not carried from provider to provider until one accepts it,
 * unless the request asks for that, and malformed messages are malformed everywhere.
 */
export const isFinal = ({ code }: NocpError, { filtered }: Pick<FallbackWishes, "filtered">): boolean =>
  errorCatalogue[code].endsRoute && !(filtered && code === "CONTENT_FILTERED");

export interface FailedCall {
  readonly error: NocpError;
  /** Some of an answer had come. */
  readonly wrote: boolean;
  /** Calls of this candidate in a row, this one included. */
  readonly calls: number;
  readonly isLastCandidate: boolean;
  /** In [0, 1). */
  readonly random: number;
}

/** A moment's trouble is over after this. */
const retryPause = { leastMs: 200, jitterMs: 300 };
/** A provider that asks for a longer wait is left for the next candidate. */
const longestRetryAfterMs = 3_000;
const passing: ReadonlySet<ErrorCode> = new Set(["PROVIDER_UNAVAILABLE", "PROVIDER_UNREACHABLE", "PROVIDER_RATE_LIMITED"]);

/**
 * How long to wait before the same candidate is called once more; `undefined` when it is not.
 * The last candidate gets its further tries with the next delivery, which holds no slot meanwhile. Silence is not tried
 * twice, and neither is a stream that broke off: both have taken their time already.
 */
export function retryPauseMs({ error, wrote, calls, isLastCandidate, random }: FailedCall): number | undefined {
  if (isLastCandidate || wrote || calls > 1 || !passing.has(error.code)) return undefined;
  const jitterMs = retryPause.jitterMs * random;
  if (error.retryAfterMs === undefined) return error.code === "PROVIDER_RATE_LIMITED" ? undefined : retryPause.leastMs + jitterMs;
  return error.retryAfterMs <= longestRetryAfterMs ? error.retryAfterMs + jitterMs : undefined;
}

/** The most telling first: what the caller can fix, before what only the operator can. */
const telling: readonly ErrorCode[] = [
  "CONTENT_FILTERED",
  "PROVIDER_BAD_CONTENT",
  "PROVIDER_UNSUPPORTED",
  "PROVIDER_UNUSABLE_ANSWER",
  "PROVIDER_BAD_REQUEST",
  "CONTEXT_LENGTH_EXCEEDED",
  "COST_CAP_EXCEEDED",
  "BUDGET_EXHAUSTED",
  "PROVIDER_AUTH",
  "NO_PROVIDER",
];

/**
 * The one error that stands for all candidates' failures. When any of them may pass, the request is tried again, after
 * the shortest wait that a provider asked for; else the most telling failure is reported.
 * @param failures at least one, in the order of the attempts.
 */
export function verdictOf(failures: readonly NocpError[], wishes: Pick<FallbackWishes, "filtered" | "onOutage">): NocpError {
  const verdict = tellingOf(failures, wishes);
  if (verdict.code !== "BREAKER_OPEN" || wishes.onOutage !== "fail") return verdict;
  const { message, retryAfterMs } = verdict;
  return new NocpError("PROVIDERS_UNAVAILABLE", message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function tellingOf(failures: readonly NocpError[], wishes: Pick<FallbackWishes, "filtered">): NocpError {
  const last = failures.at(-1)!;
  if (failures.length === 1 || isFinal(last, wishes)) return last;
  const passing = failures.filter(({ mayPass }) => mayPass);
  if (passing.length === 0) return withAll([...failures].sort((one, other) => rank(one) - rank(other))[0]!, failures);
  // A failure that names no wait is retried with the usual backoff, which may be shorter than any wait named.
  const unnamed = passing.find(({ retryAfterMs }) => retryAfterMs === undefined);
  return withAll(unnamed ?? passing.reduce((best, one) => (one.retryAfterMs! < best.retryAfterMs! ? one : best)), failures);
}

const rank = ({ code }: NocpError): number => {
  const index = telling.indexOf(code);
  return index === -1 ? telling.length : index;
};

function withAll(chosen: NocpError, failures: readonly NocpError[]): NocpError {
  const others = failures.filter((failure) => failure !== chosen).map(({ message }) => message);
  return chosen.withMessage([...new Set([chosen.message, ...others])].join("; also: "));
}

/**
 * The limits of a call, so short that a silent candidate leaves time for those after it.
 * @param candidatesLeft this one included.
 */
export function limitsBefore(deadlineInMs: number, candidatesLeft: number, limits: CallLimits): CallLimits {
  const shareMs = Math.max(1, Math.ceil(deadlineInMs / candidatesLeft));
  return { ...limits, ttftMs: Math.min(limits.ttftMs, shareMs), stallMs: Math.min(limits.stallMs, shareMs) };
}
