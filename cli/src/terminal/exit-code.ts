// The exit codes of ./nocp, and the one line with which a command fails.
import type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  missingDependency: 3,
  noResult: 4,
  interrupted: 130,
} as const;

const byErrorCode: Partial<Record<ErrorCode, number>> = {
  USAGE: exitCodes.usage,
  INVALID_CONFIGURATION: exitCodes.usage,
  INVALID_JSON: exitCodes.usage,
  INVALID_REQUEST: exitCodes.usage,
  INVALID_ARGUMENTS: exitCodes.usage,
  INVALID_PLUGIN: exitCodes.usage,
  INVALID_SESSION: exitCodes.usage,
  INVALID_SNAPSHOT: exitCodes.usage,
  MISSING_DEPENDENCY: exitCodes.missingDependency,
  NOT_CONNECTED: exitCodes.missingDependency,
  NOT_AUTHORIZED: exitCodes.missingDependency,
  NOT_PROVISIONED: exitCodes.missingDependency,
  RESULT_NOT_FOUND: exitCodes.noResult,
  SESSION_NOT_FOUND: exitCodes.noResult,
  ARCHIVE_MISSING: exitCodes.noResult,
  DEADLINE_EXCEEDED: exitCodes.noResult,
};

export const exitCodeOf = (error: unknown): number =>
  error instanceof NocpError ? (byErrorCode[error.code] ?? exitCodes.failed) : exitCodes.failed;

/** `nocp: <what>. <what to do> (CODE)`; with `withStack` the stack and its causes below. */
export function errorLine(thrown: unknown, withStack: boolean): string {
  const error = coerceError(thrown);
  const [advice, code] =
    error instanceof NocpError ? [error.advice, error.code] : ["Run it again with --verbose for the stack.", "UNEXPECTED"];
  const what = error.message.replace(/[.\s]+$/, "");
  const line = what.includes("\n")
    ? `nocp: ${what}\n${advice} (${code})`
    : `nocp: ${what}. ${advice.replace(/\.$/, "")} (${code})`;
  if (!withStack) return line;
  const causes = error.cause === undefined ? "" : `\ncaused by ${coerceError(error.cause).stack}`;
  return `${line}\n${error.stack}${causes}`;
}
