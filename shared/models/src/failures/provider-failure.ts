// A vendor's error, taken apart: the few facts that the classification judges, in one form for all vendors.
import { type ReportedQuotas, violatedQuotasOf } from "../quotas/reported-quotas.ts";
import type { HeaderLookup } from "./retry-after.ts";

export interface ProviderFailure {
  /** HTTP status; absent when no answer came, and for errors inside a stream. */
  readonly status?: number;
  /** The vendor's own code and type, e.g. `context_length_exceeded`, `overloaded_error`, `RESOURCE_EXHAUSTED`. */
  readonly codes: readonly string[];
  /** The field of the request that it names, e.g. `messages[2].content`. */
  readonly parameter?: string;
  /** The vendor's sentence. May quote keys and prompts. */
  readonly message: string;
  readonly header: HeaderLookup;
  /** google.protobuf.Duration of a google.rpc.RetryInfo, e.g. `34s`. */
  readonly retryDelay?: string;
  /** What a google.rpc.QuotaFailure says. */
  readonly violated?: ReportedQuotas;
  /** Of Node or undici, e.g. `ECONNREFUSED`. */
  readonly networkCode?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Errors wrap errors; how deep to look for a network code. */
const longestCauseChain = 5;
const networkCodePattern =
  /^(E[A-Z_]{3,}|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+)$/;

/** Reads whatever was thrown; never throws itself. */
export function providerFailureOf(thrown: unknown): ProviderFailure {
  const error: Fields = isFields(thrown) ? thrown : {};
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const body = bodyOf(error, message);
  const details = Array.isArray(body.details) ? body.details.filter(isFields) : [];
  const inner = isFields(body.details) ? body.details : {};
  const codes = [
    error.code,
    error.type,
    body.code,
    body.type,
    body.status,
    inner.error_code,
    ...details.map((detail) => detail.reason),
  ];
  const retryDelay = details.map((detail) => textOf(detail.retryDelay)).find(Boolean);
  const violated = violatedQuotasOf(details);
  const networkCode = networkCodeOf(thrown);
  const parameter = textOf(error.param) ?? textOf(body.param);
  const status = [error.status, body.code, body.status, error.code].map(httpStatusOf).find((known) => known !== undefined);
  return {
    codes: [...new Set(codes.map(textOf).filter((code) => code !== undefined))],
    message: textOf(body.message) ?? message,
    header: headerLookup(error.headers),
    ...(status === undefined ? {} : { status }),
    ...(retryDelay === undefined ? {} : { retryDelay }),
    ...(violated === undefined ? {} : { violated }),
    ...(parameter === undefined ? {} : { parameter }),
    ...(networkCode === undefined ? {} : { networkCode }),
  };
}

/** OpenAI's SDK keeps the inner `error` object, Anthropic's the whole body, Gemini's the body as text in the message. */
function bodyOf(error: Fields, message: string): Fields {
  const body = isFields(error.error) ? error.error : parsedObject(message);
  return isFields(body.error) ? body.error : body;
}

/** Errors in the body of a 200 have the status as their code, as a number or its digits. */
function httpStatusOf(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

function parsedObject(text: string): Fields {
  if (!text.startsWith("{")) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function networkCodeOf(thrown: unknown): string | undefined {
  let error = thrown;
  for (let depth = 0; depth < longestCauseChain && isFields(error); depth++) {
    const code = textOf(error.code);
    if (code && networkCodePattern.test(code)) return code;
    error = error.cause;
  }
  return undefined;
}

function headerLookup(headers: unknown): HeaderLookup {
  if (headers instanceof Headers) return (name) => headers.get(name);
  if (!isFields(headers)) return () => undefined;
  return (name) => textOf(headers[name]);
}
