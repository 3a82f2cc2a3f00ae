// The exit codes of ./nocp, and how a failure is printed.
import type { ReportedError } from "@nocp/contracts/accounting.ts";
import type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { coerceError, NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";

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

/** What the command line reports, as text or JSON. */
export const failureOf = (thrown: unknown): ReportedError =>
  thrown instanceof NocpError
    ? reportedErrorOf(thrown)
    : { ...reportedErrorOf(thrown), advice: "Run the command again with --verbose for the stack trace" };

/** `nocp: <what>. <advice> (CODE)`; the advice goes on a line of its own when there are several. */
export function errorLine({ code, message, advice = "" }: ReportedError): string {
  const what = message.replace(/(?<![.\s])[.\s]+$/, "");
  if (what.includes("\n")) return `nocp: ${what}\n${advice} (${code})`;
  return `nocp: ${[what, advice.replace(/\.$/, "")].filter((part) => part !== "").join(". ")} (${code})`;
}

/** The stack of an error, and that of its cause. */
export function stackOf(thrown: unknown): string {
  const { stack, cause } = coerceError(thrown);
  return cause === undefined ? String(stack) : `${stack}\ncaused by ${coerceError(cause).stack}`;
}
