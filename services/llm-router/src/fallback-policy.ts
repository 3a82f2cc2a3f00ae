// What follows a failed attempt: the next candidate, another delivery later, or the end. Pure.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/**
 * Whether no other candidate is called: what a filter refused is not carried from provider to provider until one accepts it,
 * and malformed messages are malformed everywhere.
 */
export const isFinal = ({ code }: NocpError): boolean => errorCatalogue[code].endsRoute;

/** The most telling first: what the caller can fix, before what only the operator can. */
const telling: readonly ErrorCode[] = [
  "CONTENT_FILTERED",
  "PROVIDER_BAD_CONTENT",
  "PROVIDER_UNSUPPORTED",
  "PROVIDER_UNUSABLE_ANSWER",
  "PROVIDER_BAD_REQUEST",
  "CONTEXT_LENGTH_EXCEEDED",
  "COST_CAP_EXCEEDED",
  "PROVIDER_AUTH",
  "NO_PROVIDER",
];

/**
 * The one error that stands for all candidates' failures. When any of them may pass, the request is tried again, after
 * the shortest wait that a provider asked for; else the most telling failure is reported.
 * @param failures at least one, in the order of the attempts.
 */
export function verdictOf(failures: readonly NocpError[]): NocpError {
  const last = failures.at(-1)!;
  if (failures.length === 1 || isFinal(last)) return last;
  const passing = failures.filter(({ disposition }) => disposition === "retry");
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
  return new NocpError(chosen.code, [chosen.message, ...others].join("; also: "), {
    advice: chosen.advice,
    ...(chosen.retryAfterMs === undefined ? {} : { retryAfterMs: chosen.retryAfterMs }),
  });
}

/**
 * How long one attempt may take, in whole milliseconds: never so long that the candidates after it have no time left.
 * @param candidatesLeft this one included.
 */
export const attemptTimeoutMs = (timeoutMs: number, remainingMs: number, candidatesLeft: number): number =>
  Math.max(1, Math.min(timeoutMs, Math.ceil(remainingMs / candidatesLeft)));
