// A tool of an MCP server as one of act's: its name after the server's, its schema checked here before it is called.
import type { CallToolResult, Tool as ListedTool } from "@modelcontextprotocol/client";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { FindMismatch, SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import { z } from "zod";
import type { Tool } from "../tool.ts";
import { dataOf, textOf } from "./tool-content.ts";

export interface McpCall {
  /** As the server knows it. */
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  /** Metadata of the call, after the conventions of MCP. */
  readonly meta: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** @throws NocpError when the server does not answer. */
export type CallServer = (call: McpCall) => Promise<CallToolResult>;

export interface McpToolOptions {
  readonly server: string;
  readonly timeoutMs: number;
  readonly schemas: SchemaValidator;
  readonly call: CallServer;
}

const maxDescriptionCharacters = 4096;
const maxNameCharacters = 128;
/** One try more for a tool that may run twice. */
const attemptsOfIdempotent = 2;

/** @throws NocpError INVALID_PLUGIN for a tool that cannot be offered. */
export function mcpTool(listed: ListedTool, { server, timeoutMs, schemas, call }: McpToolOptions): Tool {
  const name = `${server}.${listed.name}`;
  if (name.length > maxNameCharacters) throw invalid(name.slice(0, maxNameCharacters), "its name is too long");
  const { $schema: _dialect, ...parameters } = listed.inputSchema as Record<string, unknown>;
  const findMismatch = mismatchFinder(name, parameters, schemas);
  // Hints of a server that lies harm nothing but what it looks after itself.
  const idempotent = listed.annotations?.readOnlyHint === true || listed.annotations?.idempotentHint === true;
  return {
    name,
    description: (listed.description ?? listed.title ?? listed.name).slice(0, maxDescriptionCharacters),
    arguments: z.record(z.string(), z.unknown()).superRefine((input, check) => {
      const message = findMismatch(mapIntegers(input, Number));
      if (message !== undefined) check.addIssue({ code: "custom", message });
    }) as z.ZodType<unknown>,
    example: {},
    timeoutMs,
    idempotent,
    maxAttempts: idempotent ? attemptsOfIdempotent : 1,
    cacheTtlMs: 0,
    parameters,
    async run(input, { signal, timeoutMs: attemptMs, traceparent, callKey }) {
      const meta = { ...(traceparent === undefined ? {} : { traceparent }), "nocp/call-key": callKey };
      const exact = mapIntegers(input, (integer) => JSON.rawJSON(integer.toString())) as Record<string, unknown>;
      const result = await call({ name: listed.name, arguments: exact, meta, signal, timeoutMs: attemptMs });
      if (result.isError) throw new NocpError("TOOL_FAILED", textOf(result) || `${name} failed and does not say why`);
      return dataOf(result);
    },
  };
}

function mismatchFinder(name: string, parameters: Record<string, unknown>, schemas: SchemaValidator): FindMismatch {
  try {
    return schemas.compile(parameters);
  } catch (error) {
    throw invalid(name, (error as Error).message.replace(/^output\.schema/, "its input schema"));
  }
}

const invalid = (name: string, problem: string): NocpError =>
  new NocpError("INVALID_PLUGIN", `the tool ${name} cannot be offered: ${problem}`);

/** Integers that a double does not hold come as BigInts, which neither a schema nor JSON knows. */
function mapIntegers(value: unknown, convert: (integer: bigint) => unknown): unknown {
  if (typeof value === "bigint") return convert(value);
  if (Array.isArray(value)) return value.map((item) => mapIntegers(item, convert));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, mapIntegers(held, convert)]));
}
