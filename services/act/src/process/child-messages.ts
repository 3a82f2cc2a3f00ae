// What a process and its child tell each other, and how errors cross the boundary.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** An error as plain data. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
  readonly retryAfterMs?: number;
  /** What a tool's own judgement says about trying again; absent where it has none. */
  readonly mayRetry?: boolean;
}

export type ParentMessage =
  | { readonly type: "call"; readonly id: number; readonly work: string; readonly input: unknown }
  | { readonly type: "abort"; readonly id: number; readonly reason: SentError }
  | { readonly type: "reply"; readonly question: number; readonly answer?: unknown; readonly error?: SentError };

export type ChildMessage =
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly id: number; readonly answer?: unknown; readonly error?: SentError }
  /** The child goes on with what it does, and wants nothing new. */
  | { readonly type: "retire" }
  | { readonly type: "ask"; readonly id: number; readonly question: number; readonly name: string; readonly input: unknown };

/** An error that a child reported. */
export class ChildError extends NocpError {
  readonly mayRetry: boolean | undefined;

  constructor({ code, message, advice, retryAfterMs, mayRetry }: SentError) {
    // A child runs foreign code, which may send anything.
    const known = Object.hasOwn(errorCatalogue, code) ? code : "TOOL_FAILED";
    super(known, String(message), { advice: String(advice), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    this.mayRetry = mayRetry;
  }
}

/** @param message of an error that is no NocpError. */
export function sentErrorOf(thrown: unknown, message: string, mayRetry?: boolean): SentError {
  const rest = mayRetry === undefined ? {} : { mayRetry };
  if (!(thrown instanceof NocpError)) return { code: "TOOL_FAILED", message, advice: errorCatalogue.TOOL_FAILED.advice, ...rest };
  const { code, advice, retryAfterMs } = thrown;
  return { code, message: thrown.message, advice, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...rest };
}
