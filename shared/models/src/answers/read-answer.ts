// What a provider throws when an answer is not a completion; a piece of the answer never gets into the message.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";
import type { z } from "zod";

export const invalidResponse = (reason: string, cause?: unknown): NocpError =>
  new NocpError("PROVIDER_INVALID_RESPONSE", `the answer is not a completion: ${reason}`, cause === undefined ? {} : { cause });

/** A stream that ends without saying why is a failure, however much of it came. */
export const brokenStream = (): NocpError =>
  new NocpError("PROVIDER_UNAVAILABLE", "the stream broke off before the answer was complete");

export const contentFiltered = (reason: string): NocpError =>
  new NocpError("CONTENT_FILTERED", `the provider's content filter stopped the answer (${reason})`);

/** @throws NocpError PROVIDER_INVALID_RESPONSE naming the fields that are wrong, not their values. */
export function parseResponse<T>(schema: z.ZodType<T>, response: unknown): T {
  if (typeof response === "string")
    throw invalidResponse(response.trimStart().startsWith("<") ? "it is a web page" : "it is text, not JSON");
  const parsed = schema.safeParse(response);
  if (!parsed.success) throw invalidResponse(describeProblems(parsed.error));
  return parsed.data;
}

/** The arguments of a tool call, which vendors send as JSON text. An empty text means none. */
export function parseToolArguments(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalidResponse("the arguments of a tool call are not JSON", error instanceof SyntaxError ? undefined : error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw invalidResponse("the arguments of a tool call are not an object");
  }
  return boundedToolArguments(parsed as Record<string, unknown>);
}

/** The arguments of a tool call, as they are. @throws NocpError PROVIDER_INVALID_RESPONSE when they nest too deep to travel on. */
export function boundedToolArguments(parsed: Record<string, unknown>): Record<string, unknown> {
  if (!isNestedDeeper(parsed, maxJsonDepth)) return parsed;
  throw invalidResponse(`the arguments of a tool call are nested over ${maxJsonDepth} levels`);
}
