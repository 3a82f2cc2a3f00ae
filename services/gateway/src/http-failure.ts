// An error of NOCP in the terms of HTTP.
import type { ReportedError } from "@nocp/contracts/accounting.ts";
import { type ErrorCode, errorCatalogue, isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { InvalidField, type ServerFailure } from "@nocp/models/server-api.ts";
import { NotAllowed } from "./compose-request.ts";

/** Of errors that are not the server's own fault; the others are 500. */
const statusOf: Partial<Readonly<Record<ErrorCode, number>>> = {
  INVALID_JSON: 400,
  INVALID_REQUEST: 400,
  // Of a dead letter that cannot be sent again.
  INVALID_MESSAGE: 422,
  CLAIM_MISSING: 422,
  INVALID_SESSION: 400,
  SESSION_NOT_FOUND: 404,
  INVALID_ARGUMENTS: 400,
  ARCHIVE_MISSING: 404,
  ARCHIVE_UNAVAILABLE: 503,
  SESSION_CLOSED: 409,
  REQUEST_TOO_LARGE: 413,
  CONTEXT_LENGTH_EXCEEDED: 400,
  CONTENT_FILTERED: 400,
  COST_CAP_EXCEEDED: 402,
  CANCELLED: 499,
  PROVIDER_BAD_REQUEST: 400,
  PROVIDER_BAD_CONTENT: 400,
  PROVIDER_UNSUPPORTED: 400,
  INVALID_OUTPUT_SCHEMA: 400,
  UNKNOWN_STRATEGY: 400,
  STRATEGY_NOT_CONFIGURED: 400,
  NO_PROVIDER: 404,
  RESULT_NOT_FOUND: 504,
  DEADLINE_EXCEEDED: 504,
  PROVIDER_TIMEOUT: 504,
  PROVIDER_RATE_LIMITED: 429,
  BUDGET_EXHAUSTED: 429,
  BUDGET_BUSY: 429,
  BREAKER_OPEN: 503,
  PROVIDERS_UNAVAILABLE: 503,
  QUEUE_FULL: 503,
  PUBLISH_FAILED: 503,
  NOT_CONNECTED: 503,
  NOT_PROVISIONED: 503,
  // The deployment's key is refused, not the client's.
  PROVIDER_AUTH: 502,
  PROVIDER_UNAVAILABLE: 502,
  PROVIDER_UNREACHABLE: 502,
  PROVIDER_INVALID_RESPONSE: 502,
  PROVIDER_UNUSABLE_ANSWER: 502,
};

export interface HttpFailure extends ServerFailure {
  /** Whole seconds; undefined where trying again is no use, or nobody knows when. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether a client that tries again may get another answer. */
  readonly isWorthRetrying: boolean;
}

/** For a queue that is full or a broker that is away: most are over sooner. */
const usualRetrySeconds = 5;

/** @param reported of a failed result. */
export function failureOfResult(reported: ReportedError, requestId: string): HttpFailure {
  const { code, message, advice, retryAfterMs } = reported;
  const entry = isErrorCode(code) ? errorCatalogue[code] : undefined;
  const status = (isErrorCode(code) ? statusOf[code] : undefined) ?? 500;
  const mayPass = entry?.disposition === "retry" || entry?.disposition === "wait" || retryAfterMs !== undefined;
  const isWorthRetrying = mayPass && status !== 504;
  const seconds = retryAfterMs === undefined ? usualRetrySeconds : Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    status,
    code,
    message: advice === undefined ? message : `${sentence(message)} ${advice}`,
    requestId,
    isWorthRetrying,
    retryAfterSeconds: status === 429 || status === 503 ? seconds : undefined,
  };
}

/** @param thrown by the client's call or on the way to the queue. An error that nobody foresaw tells nothing of itself. */
export function failureOfError(thrown: unknown, requestId: string): HttpFailure {
  if (thrown instanceof InvalidField) {
    const status = thrown instanceof NotAllowed ? { status: 403, code: "FORBIDDEN" } : {};
    return { ...failureOfResult({ code: thrown.code, message: thrown.message }, requestId), ...status, field: thrown.field };
  }
  if (thrown instanceof NocpError) return failureOfResult(reportedErrorOf(thrown), requestId);
  const hidden = { code: "UNEXPECTED", message: "NOCP's gateway failed unexpectedly; its log says more under this request id" };
  return failureOfResult(hidden, requestId);
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What NOCP's catalogue has no code for: it never reached the queue. */
export const refusal = (status: number, code: string, message: string): HttpFailure => ({
  status,
  code,
  message,
  requestId: createRequestId(),
  isWorthRetrying: false,
  retryAfterSeconds: undefined,
});
