// A whole response: an answer, or an error in the form of the API that was called.
import type { ServerResponse } from "node:http";
import type { ServerApi } from "@nocp/models/server-api.ts";
import { identityHeaders } from "./answer-headers.ts";
import type { HttpFailure } from "./http-failure.ts";

export function sendJson(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

/** Vendors' clients try again by themselves unless they are told not to. */
export function failureHeaders({ requestId, retryAfterSeconds, isWorthRetrying }: HttpFailure, traceId: string | null) {
  return {
    ...identityHeaders(requestId, traceId),
    "x-should-retry": String(isWorthRetrying),
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  };
}

/** Nothing is sent to a client that is gone. */
export function sendFailure(response: ServerResponse, api: ServerApi, failure: HttpFailure, traceId: string | null): void {
  if (response.destroyed || response.headersSent) return;
  sendJson(response, failure.status, failureHeaders(failure, traceId), api.errorBody(failure));
}
