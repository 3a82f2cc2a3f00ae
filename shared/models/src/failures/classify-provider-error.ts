// From a vendor's error to a code of the catalogue, which decides between retry, fallback and giving up.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { vendors } from "../vendor-table.ts";
import type { FailureKind } from "./failure-patterns.ts";
import { type ProviderFailure, providerFailureOf } from "./provider-failure.ts";
import { durationMsOf, retryAfterMsOf } from "./retry-after.ts";

export interface Asked {
  readonly provider: string;
  readonly model: string;
}

const connectionTimeouts = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/**
 * Pure but for reading the error. The message names provider and model and says what is wrong; of the vendor's own
 * sentence only a refused request's is kept, without keys and long quotations. Neither is the vendor's error handed
 * on as a cause: it may hold the whole request.
 * @param now milliseconds since the epoch, for a Retry-After that is a date.
 */
export function classifyProviderError(thrown: unknown, asked: Asked, now: number): NocpError {
  if (thrown instanceof NocpError) {
    return thrown.withMessage(`${asked.provider} (${asked.model}): ${thrown.message}`);
  }
  const failure = providerFailureOf(thrown);
  const { code, says, advice } = verdictOf(failure);
  const retryAfterMs = durationMsOf(failure.retryDelay) ?? retryAfterMsOf(failure.header, now);
  const status = failure.status === undefined ? "" : `, HTTP ${failure.status}`;
  return new NocpError(code, `${asked.provider} (${asked.model}${status}) ${says}`, {
    ...(retryAfterMs !== undefined && retriedCodes.has(code) ? { retryAfterMs } : {}),
    ...(advice === undefined ? {} : { advice }),
  });
}

const retriedCodes = new Set<NocpError["code"]>(["PROVIDER_RATE_LIMITED", "PROVIDER_UNAVAILABLE", "PROVIDER_TIMEOUT"]);

interface Verdict {
  readonly code: NocpError["code"];
  readonly says: string;
  readonly advice?: string;
}

/** All vendors' patterns judge every error: a gateway passes on the errors of whoever is behind it. */
function verdictOf(failure: ProviderFailure): Verdict {
  const { status, networkCode } = failure;
  const coded = (kind: FailureKind): boolean =>
    vendors.some(({ failures: { codes } }) => failure.codes.some((code) => codes[kind]?.test(code)));
  const said = (kind: FailureKind): boolean =>
    vendors.some(({ failures: { sentences } }) => sentences[kind]?.test(failure.message));
  const isClientError = status !== undefined && status >= 400 && status < 500;

  if (status === undefined && networkCode !== undefined) return networkVerdict(networkCode);
  if (status === 402 || (coded("quota") && status !== 400) || (status === 400 && said("quota"))) {
    return {
      code: "PROVIDER_AUTH",
      says: "has no quota or credit left for this key",
      advice: "Check the billing of the account.",
    };
  }
  if (status === 401 || status === 403 || coded("auth") || (status === 400 && said("auth"))) {
    return { code: "PROVIDER_AUTH", says: "refuses the API key" };
  }
  if (status === 429 || (!isClientError && coded("rate"))) return { code: "PROVIDER_RATE_LIMITED", says: "reports a rate limit" };
  if (coded("context") || status === 413 || (isClientError && said("context"))) {
    return { code: "CONTEXT_LENGTH_EXCEEDED", says: "reports that the prompt is longer than the model's context window" };
  }
  if (coded("filter") || (isClientError && said("filter"))) {
    return { code: "CONTENT_FILTERED", says: `refuses the content: ${[...failure.codes, quotable(failure.message)].join(", ")}` };
  }
  if (status === 408 || status === 504 || (!isClientError && coded("timeout"))) {
    return { code: "PROVIDER_TIMEOUT", says: "did not answer in time" };
  }
  if (
    (status !== undefined && status >= 500) ||
    status === 409 ||
    status === 425 ||
    (status === undefined && coded("overloaded"))
  ) {
    return { code: "PROVIDER_UNAVAILABLE", says: "reports an internal error" };
  }
  if (status === 404 || coded("model")) {
    return {
      code: "NO_PROVIDER",
      says: "does not know the model or the path",
      advice: "Check the model's name and the base URL.",
    };
  }
  if (isClientError && isAboutContent(failure)) {
    return { code: "PROVIDER_BAD_CONTENT", says: `refuses the messages: ${quotable(failure.message)}` };
  }
  if (isClientError) return { code: "PROVIDER_BAD_REQUEST", says: `refuses the request: ${quotable(failure.message)}` };
  return { code: "PROVIDER_INVALID_RESPONSE", says: "returned a response that is not a completion" };
}

/** Whether a refusal names the messages, which are the same for every candidate, and no parameter or ability of the model. */
const isAboutContent = ({ parameter, message }: ProviderFailure): boolean =>
  parameter === undefined
    ? /^(messages|contents)[.[]\d|\b(invalid|could not (process|parse|decode)|unreadable) (image|base64|pdf|audio|file)/i.test(
        message,
      )
    : /^(messages|input|contents|prompt)\b/.test(parameter);

function networkVerdict(networkCode: string): Verdict {
  return connectionTimeouts.has(networkCode)
    ? { code: "PROVIDER_TIMEOUT", says: `did not answer in time (${networkCode})` }
    : { code: "PROVIDER_UNREACHABLE", says: `cannot be reached, or the connection broke (${networkCode})` };
}

const longestQuote = 200;

/** A vendor's sentence without what looks like a key, and without long quotations, which may be of the prompt. */
function quotable(message: string): string {
  const plain = message
    .replace(/\b(sk|pk|key|Bearer|AIza)[-_ ]?[A-Za-z0-9_*-]{8,}/gi, "[key]")
    .replace(/(["'`])(?:(?!\1).){40,}\1/gs, "[…]")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > longestQuote ? `${plain.slice(0, longestQuote)}…` : plain;
}
