// What a provider throws when an answer is not a completion; a piece of the answer never gets into the message.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
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

/**
 * The arguments of a tool call with all digits of their numbers. Vendors send them as JSON text, a few as an object;
 * nothing, `null` and an empty text mean none. A raw line break in a text, which some models write, is taken as one.
 * @param isCut whether the answer reached its limit of output tokens.
 * @throws NocpError PROVIDER_INVALID_RESPONSE
 */
export function parseToolArguments(sent: unknown, isCut = false): Record<string, unknown> {
  const parsed = typeof sent === "string" ? parsedArguments(sent, isCut) : sent;
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== "object" || Array.isArray(parsed))
    throw invalidResponse("the arguments of a tool call are not an object");
  return boundedToolArguments(parsed as Record<string, unknown>);
}

function parsedArguments(text: string, isCut: boolean): unknown {
  if (text.trim() === "") return null;
  try {
    return parseExactly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw invalidResponse("the arguments of a tool call are not JSON", error);
  }
  try {
    return parseExactly(withEscapedControls(text));
  } catch {
    const limit = "it reached its limit of output tokens within the arguments of a tool call";
    throw invalidResponse(isCut ? limit : "the arguments of a tool call are not JSON");
  }
}

/** JSON with the control characters inside its strings escaped, as they have to be. A string without an end goes to the text's. */
export const withEscapedControls = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g, (literal) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    literal.replace(/[\u0000-\u001f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

/** The arguments of a tool call, as they are. @throws NocpError PROVIDER_INVALID_RESPONSE when they nest too deep to travel on. */
export function boundedToolArguments(parsed: Record<string, unknown>): Record<string, unknown> {
  if (!isNestedDeeper(parsed, maxJsonDepth)) return parsed;
  throw invalidResponse(`the arguments of a tool call are nested more than ${maxJsonDepth} levels deep`);
}
