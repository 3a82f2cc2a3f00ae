// An error in the form in which Anthropic reports it (platform.claude.com/docs/en/api/errors).
import type { ServerFailure } from "../../server-api.ts";

const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

export const anthropicError = ({ status, message, requestId }: ServerFailure) => ({
  type: "error" as const,
  error: { type: types[status] ?? (status < 500 ? "invalid_request_error" : "api_error"), message },
  request_id: requestId,
});
