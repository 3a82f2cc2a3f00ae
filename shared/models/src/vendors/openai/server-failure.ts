// An error in the form in which OpenAI reports it.
import type { ServerFailure } from "../../server-api.ts";

/** Codes that clients look at; the others are NOCP's own, in small letters. */
const codes: Readonly<Record<string, string>> = {
  CONTEXT_LENGTH_EXCEEDED: "context_length_exceeded",
  CONTENT_FILTERED: "content_filter",
  NO_PROVIDER: "model_not_found",
  PROVIDER_RATE_LIMITED: "rate_limit_exceeded",
  UNAUTHENTICATED: "invalid_api_key",
};

function typeOf({ status }: ServerFailure): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

export const openAiError = (failure: ServerFailure) => ({
  error: {
    message: failure.message,
    type: typeOf(failure),
    param: failure.field ?? null,
    code: codes[failure.code] ?? failure.code.toLowerCase(),
  },
});
