// What a caller reads about a call that an MCP server did not answer.
import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** https://www.jsonrpc.org/specification#error_object */
const invalidParams = -32602;

const lostConnection: ReadonlySet<string> = new Set([
  SdkErrorCode.NotConnected,
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.SendFailed,
]);

/** A server of a session that is gone answers 404; its clients have to begin again. */
const beginsAgain = new Set([404, 410]);

/** Whether there is no use in another call over the same connection. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof SdkHttpError) return beginsAgain.has(error.status ?? 0) || (error.status ?? 0) >= 500;
  if (error instanceof SdkError) return lostConnection.has(error.code);
  return error instanceof TypeError;
}

/** @param server its name. */
export function failureOfCall(error: unknown, server: string): NocpError {
  if (error instanceof NocpError) return error;
  const { message } = error as Error;
  if (error instanceof ProtocolError) {
    return new NocpError(error.code === invalidParams ? "INVALID_ARGUMENTS" : "TOOL_FAILED", `${server}: ${message}`, {
      cause: error,
    });
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new NocpError("TOOL_TIMEOUT", `the MCP server ${server} did not answer in time`, { cause: error });
  }
  const cause = causeOf(error);
  if (cause) return cause;
  if (isConnectionLost(error)) return unavailable(server, message, error);
  return new NocpError("TOOL_FAILED", `${server}: ${message}`, { cause: error });
}

/** fetch wraps what its parts threw. */
function causeOf(error: unknown): NocpError | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof NocpError ? cause : undefined;
}

export const unavailable = (server: string, reason: string, cause?: unknown, retryAfterMs?: number): NocpError =>
  new NocpError("TOOL_UNAVAILABLE", `the MCP server ${server} is not available: ${reason}`, {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
