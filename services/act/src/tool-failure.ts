// What a caller reads about a tool that failed, whatever it threw.
import { types } from "node:util";
import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ToolResult } from "@nocp/contracts/messages.ts";
import type { Tool } from "./tool.ts";

export type ToolFailure = NonNullable<ToolResult["error"]>;

const maxMessageCharacters = 500;

/** Tools throw anything: strings, nothing, objects whose getters throw. */
function messageOf(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? thrown.message : typeof thrown === "string" ? thrown : "";
    return text.trim() === "" ? `the tool threw ${thrown instanceof Error ? thrown.name : typeof thrown}` : text;
  } catch {
    return "the tool threw a value that cannot be read";
  }
}

/** What was thrown, but for proxies: a revoked one throws again as soon as it is asked for its class. */
export const readableOf = (thrown: unknown): unknown =>
  types.isProxy(thrown) ? new NocpError("TOOL_FAILED", "the tool threw a value that cannot be read") : thrown;

export function failureOf(thrown: unknown): ToolFailure {
  const message = messageOf(thrown).slice(0, maxMessageCharacters);
  return thrown instanceof NocpError
    ? { code: thrown.code, message, advice: thrown.advice }
    : { code: "TOOL_FAILED", message, advice: errorCatalogue.TOOL_FAILED.advice };
}

/** Whether another attempt makes sense: never for a tool whose second run may do harm. */
export function mayRetry(tool: Tool, thrown: unknown, attempt: number): boolean {
  if (!tool.idempotent || attempt >= tool.maxAttempts) return false;
  if (tool.retryable) {
    try {
      return tool.retryable(thrown);
    } catch {
      return false;
    }
  }
  return !(thrown instanceof NocpError) || thrown.mayPass;
}
