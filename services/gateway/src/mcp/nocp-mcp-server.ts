// NOCP as an MCP server: four tools, for agents that have an MCP client.
import { type CallToolResult, McpServer, type ServerContext } from "@modelcontextprotocol/server";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { z } from "zod";
import type { McpWork } from "./mcp-work.ts";

const maxTexts = 1_000;
const textsSchema = z
  .array(z.object({ title: z.string().max(2000).optional(), text: z.string() }))
  .max(maxTexts)
  .describe("Texts, each with an optional title.");

const defaultTimeoutSeconds = 120;
const longestTimeoutSeconds = 3_600;
const defaultLast = 100;
const largestLast = 10_000;

/** Adds one tool to a server. */
type AddTool = (server: McpServer, work: McpWork) => void;

const addCompress: AddTool = (server, work) => {
  server.registerTool(
    "compress",
    {
      description:
        "Shortens texts to what a question needs, without calling a model. What is removed can be fetched back with retrieve.",
      inputSchema: z.object({
        texts: textsSchema.min(1),
        question: z.string().max(1_000_000).default("").describe("What the texts are needed for."),
        mode: z.enum(["auto", "lossless"]).default("auto").describe("lossless: written in fewer tokens, and nothing is removed."),
        target_ratio: z.number().gt(0).max(1).optional().describe("Tokens after over tokens before."),
        max_tokens: z.int().positive().optional().describe("Maximum number of tokens of the result."),
      }),
      annotations: { readOnlyHint: true },
    },
    answered(async ({ texts, question, mode, target_ratio, max_tokens }, { mcpReq }) => {
      const call = { texts, question, mode, targetRatio: target_ratio, maxTokens: max_tokens };
      const { text, tokensBefore, tokensAfter, reference } = await work.compress(call, mcpReq.signal);
      return { text, tokens_before: tokensBefore, tokens_after: tokensAfter, ...(reference ? { reference } : {}) };
    }),
  );
};

const addRetrieve: AddTool = (server, work) => {
  server.registerTool(
    "retrieve",
    {
      description: "Fetches what compression removed, byte for byte, by the reference in the shortened text.",
      inputSchema: z.object({
        reference: z
          .string()
          .max(64)
          .describe("As in [shortened: context.retrieve kqzvmwtbae], or with .1, .2, … for one original."),
      }),
      annotations: { readOnlyHint: true },
    },
    answered(async ({ reference }) => ({ originals: await work.retrieve(reference) })),
  );
};

const addAsk: AddTool = (server, work) => {
  server.registerTool(
    "ask",
    {
      description:
        "Answers a question from documents: NOCP shortens them, chooses a model, and returns the answer with its bill.",
      inputSchema: z.object({
        question: z.string().min(1).max(1_000_000),
        documents: textsSchema.default([]),
        model: z.string().max(264).optional().describe("provider/model; the deployment's own choice when left out."),
        timeout_seconds: z.number().positive().max(longestTimeoutSeconds).default(defaultTimeoutSeconds),
      }),
    },
    answered(async ({ question, documents, model, timeout_seconds }, { mcpReq }) => {
      const parent = propagation.extract(ROOT_CONTEXT, mcpReq._meta ?? {});
      const call = { question, documents, model, timeoutMs: Math.ceil(timeout_seconds * 1000) };
      const { requestId, status, error, ...result } = await work.ask(call, mcpReq.signal, parent);
      if (error) throw new Error(`${error.code}: ${error.message}`);
      return {
        answer: result.answer,
        ...{ status, request_id: requestId, provider: result.provider, model: result.model, cost_usd: result.cost.usd },
        tokens_before: result.tokens.input.raw,
        tokens_after: result.tokens.input.optimized,
        warnings: result.warnings.map(({ code, message }) => `${code}: ${message}`),
      };
    }),
  );
};

const addUsage: AddTool = (server, work) => {
  server.registerTool(
    "usage",
    {
      description: "Requests, tokens before and after compression, and cost of the caller's last requests.",
      inputSchema: z.object({
        last: z.int().positive().max(largestLast).default(defaultLast).describe("How many requests to add up."),
      }),
      annotations: { readOnlyHint: true },
    },
    answered(async ({ last }) => {
      const { requests, failed, inputTokens, outputTokens, costUsd } = await work.usage(last);
      return {
        ...{ requests, failed, tokens_before: inputTokens.before, tokens_after: inputTokens.after },
        ...{ output_tokens: outputTokens, cost_usd: costUsd },
      };
    }),
  );
};

/** The outcome as structured content and, for older clients, as text; an error is an answer of its own kind. */
const answered =
  <Input>(run: (input: Input, context: ServerContext) => Promise<Record<string, unknown>>) =>
  async (input: Input, context: ServerContext): Promise<CallToolResult> => {
    try {
      const outcome = await run(input, context);
      return { content: [{ type: "text", text: JSON.stringify(outcome) }], structuredContent: outcome };
    } catch (error) {
      const { message } = coerceError(error);
      const said = error instanceof NocpError ? `${error.code}: ${message}. ${error.advice}` : message;
      return { content: [{ type: "text", text: said }], isError: true };
    }
  };

/** A server for one connection, or for one call over HTTP. */
export function createNocpMcpServer(work: McpWork): McpServer {
  const server = new McpServer({ name: "nocp", version: "0.1.0" }, { capabilities: { tools: {} } });
  for (const add of [addCompress, addRetrieve, addAsk, addUsage]) add(server, work);
  return server;
}
