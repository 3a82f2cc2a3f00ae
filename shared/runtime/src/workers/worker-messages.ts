// What a pool and its worker threads say to each other.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export interface WorkerTask {
  /** Of a function that the worker's script serves. */
  readonly name: string;
  readonly argument: unknown;
}

/** An error's class does not survive the way between threads. */
export interface TaskFailure {
  readonly code?: ErrorCode;
  readonly message: string;
  readonly advice?: string;
  readonly retryAfterMs?: number | undefined;
}

/** What a running task asks of the main thread. */
export interface TaskQuestion {
  /** Counts within a thread, and comes back with the reply. */
  readonly question: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface TaskReply {
  readonly reply: number;
  readonly outcome: TaskOutcome;
}

export type TaskOutcome = { readonly answer: unknown } | { readonly failure: TaskFailure };

export function taskFailureOf(thrown: unknown): TaskFailure {
  const { message } = coerceError(thrown);
  if (!(thrown instanceof NocpError)) return { message };
  const { code, advice, retryAfterMs } = thrown;
  return { code, message, advice, retryAfterMs };
}

export function errorOfTask({ code, message, advice, retryAfterMs }: TaskFailure): Error {
  if (code === undefined) return new Error(message);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new NocpError(code, message, { advice: advice ?? errorCatalogue[code].advice, ...wait });
}
