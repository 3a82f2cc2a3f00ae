// The one error class: a code of the catalogue decides what happens next.
import type { ReportedError } from "../accounting.ts";
import { type ErrorCode, errorCatalogue } from "./catalogue.ts";
import type { Disposition } from "./catalogue-entry.ts";

/** What an error carries besides its code and message. */
export interface NocpErrorOptions {
  /** When to try again, counted from now; only where that may help. */
  readonly retryAfterMs?: number;
  /** Replaces the catalogue's advice. */
  readonly advice?: string;
  /** What was thrown first. */
  readonly cause?: unknown;
}

/** What NOCP throws on purpose. */
export class NocpError extends Error {
  /** A code of the catalogue. */
  readonly code: ErrorCode;
  /** When to try again, in milliseconds from now; only where that may help. */
  readonly retryAfterMs: number | undefined;
  /** What to do about it: one sentence for a person. */
  readonly advice: string;

  /** @param message one sentence for a person; says what was wrong with which value, never content or secrets. */
  constructor(code: ErrorCode, message: string, options: NocpErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NocpError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.advice = options.advice ?? errorCatalogue[code].advice;
  }

  /** The same error in other words: code, advice and the time to wait are what they were. A cause is named anew, or left out. */
  withMessage(message: string, cause?: unknown): NocpError {
    const { code, advice, retryAfterMs } = this;
    return new NocpError(code, message, { advice, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }

  /** What becomes of a delivery whose handler throws it. */
  get disposition(): Disposition {
    return errorCatalogue[this.code].disposition;
  }

  /** Whether the same may succeed later. */
  get mayPass(): boolean {
    return this.disposition === "retry" || this.disposition === "wait";
  }
}

/** Whatever was thrown, as an Error. */
export const coerceError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(textOf(thrown)));

/** The name alone, for logs: a message may hold content. */
export function errorNameOf(thrown: unknown): string {
  try {
    return String(coerceError(thrown).name).slice(0, 64);
  } catch {
    return "unreadable";
  }
}

/** Whatever it is: also what JSON cannot hold, and objects whose own conversion throws. */
function textOf(thrown: unknown): string {
  try {
    return typeof thrown === "object" ? (JSON.stringify(thrown) ?? String(thrown)) : String(thrown);
  } catch {
    return `a thrown ${typeof thrown} that cannot be written down`;
  }
}

/** The form in which an error is handed to a caller. Anything that is no NocpError is reported as UNEXPECTED. */
export function reportedErrorOf(thrown: unknown, stage?: string): ReportedError {
  const error = coerceError(thrown);
  const known = error instanceof NocpError;
  return {
    code: known ? error.code : "UNEXPECTED",
    message: error.message,
    advice: known ? error.advice : errorCatalogue.UNEXPECTED.advice,
    ...(stage === undefined ? {} : { stage }),
    ...(known && error.retryAfterMs !== undefined ? { retryAfterMs: error.retryAfterMs } : {}),
  };
}
