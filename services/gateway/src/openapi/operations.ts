// What the HTTP API serves: one entry for each route. A test compares it with the routes that there are.
import { requestSchema } from "@nocp/contracts/request.ts";
import { resultSchema } from "@nocp/contracts/result.ts";
import { z } from "zod";
import { batchBodySchema } from "../batches/batch-routes.ts";
import { compressBodySchema } from "../compress/compress-body.ts";
import { controlsSchema } from "../controls.ts";
import { sessionQuerySchema } from "../inspection/inspection-routes.ts";
import type { Operation } from "./operation.ts";
import { operatorOperations } from "./operator-operations.ts";

const model = z.string().min(1).describe("`provider/model`, a model's name, or `nocp/auto`.");
const nocp = controlsSchema.optional().describe("NOCP's controls, which may also be headers x-nocp-*.");
const call = (fields: z.ZodRawShape) => z.looseObject({ model, ...fields });
const items = z.array(z.looseObject({})).min(1);
const stream = z.boolean().optional();
const page = {
  limit: z.int().min(1).max(10_000).optional(),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).optional(),
};
const list = z.looseObject({ object: z.literal("list"), data: z.array(z.looseObject({ id: z.string() })) });
const requestState = z.looseObject({ id: z.string(), object: z.literal("nocp.request"), status: z.string() });
const requestBody = z.intersection(
  requestSchema,
  z.object({ webhook: z.object({ url: z.url() }).optional().describe("Where the result is sent.") }),
);

const said = [{ role: "user", content: "How large may an upload be? Answer in one sentence." }];
const noted = "The limit for uploads was raised to 20 MB. The colour of the logo is now blue.";

const models = "Models";
const chat = "Vendors' chats";
const responses = "/v1/responses/{id}";
const files = "/v1/files/{id}";
const batches = "/v1/batches/{id}";
const requests = "/nocp/v1/requests";

export const operations: readonly Operation[] = [
  { method: "get", path: "/v1/models", tag: models, summary: "Models that can be named", answer: z.looseObject({}) },
  { method: "get", path: "/v1/models/{id}", tag: models, summary: "One of them" },
  {
    ...{ method: "post", path: "/v1/chat/completions", tag: chat, summary: "OpenAI's Chat Completions", streams: true },
    ...{ body: call({ messages: items, stream, nocp }), example: { model: "nocp/auto", messages: said, stream: false } },
  },
  {
    ...{ method: "post", path: "/v1/messages", tag: chat, summary: "Anthropic's Messages", streams: true },
    body: call({ messages: items, max_tokens: z.int().positive(), stream, nocp }),
    example: { model: "nocp/auto", max_tokens: 500, messages: said, stream: false },
  },
  {
    ...{ method: "post", path: "/v1/messages/count_tokens", tag: chat, summary: "Input tokens of a call" },
    example: { model: "nocp/auto", messages: said },
    ...{ body: call({ messages: items }), answer: z.object({ input_tokens: z.int() }) },
  },
  {
    ...{ method: "post", path: "/v1/responses", tag: chat, summary: "OpenAI's Responses", streams: true },
    body: call({ input: z.union([z.string(), items]), stream, nocp }),
    example: { model: "nocp/auto", input: said[0]?.content, stream: false },
  },
  { method: "get", path: responses, tag: chat, summary: "A response that was kept" },
  { method: "get", path: `${responses}/input_items`, tag: chat, summary: "What led to it" },
  { method: "delete", path: responses, tag: chat, summary: "Deletes it" },
  {
    ...{ method: "post", path: "/v1/embeddings", tag: models, summary: "OpenAI's embeddings" },
    body: call({ input: z.union([z.string(), z.array(z.unknown())]) }),
    example: { model: "openai/text-embedding-3-small", input: noted },
  },
  {
    ...{ method: "post", path: "/v1/compress", tag: "Compression", summary: "Compresses messages; calls no model" },
    example: {
      model: "gpt-5.4-mini",
      messages: [...said, { role: "assistant", content: "I look." }, { role: "tool", tool_call_id: "c1", content: noted }],
    },
    ...{ body: compressBodySchema, answer: z.looseObject({ messages: z.array(z.looseObject({})), tokens_before: z.int() }) },
  },
  { method: "get", path: "/v1/retrieve/{hash}", tag: "Compression", summary: "An original that compression removed" },
  {
    ...{ method: "post", path: "/v1/retrieve", tag: "Compression", summary: "The same, by a body" },
    body: z.looseObject({ hash: z.string() }),
  },
  { method: "post", path: "/v1/files", tag: "Batches", summary: "Uploads a file", takesForm: true },
  {
    ...{ method: "get", path: "/v1/files", tag: "Batches", summary: "Files of the tenant", answer: list },
    query: { ...page, purpose: z.string().optional() },
  },
  { method: "get", path: files, tag: "Batches", summary: "What is known of a file" },
  {
    ...{ method: "get", path: `${files}/content`, tag: "Batches", summary: "Its content" },
    answerType: "application/octet-stream",
  },
  { method: "delete", path: files, tag: "Batches", summary: "Deletes it" },
  { method: "post", path: "/v1/batches", tag: "Batches", summary: "Starts a batch", body: batchBodySchema },
  { method: "get", path: "/v1/batches", tag: "Batches", summary: "Batches of the tenant", query: page, answer: list },
  { method: "get", path: batches, tag: "Batches", summary: "A batch" },
  { method: "post", path: `${batches}/cancel`, tag: "Batches", summary: "Cancels it" },
  {
    ...{ method: "post", path: requests, tag: "Requests", summary: "Submits NOCP's own request", status: 202 },
    example: { query: "How large may an upload be?", documents: [{ title: "Notes", text: noted }] },
    ...{ body: requestBody, headers: { "idempotency-key": z.string().optional() }, answer: requestState },
  },
  {
    ...{ method: "post", path: `${requests}/validate`, tag: "Requests", summary: "What would be wrong with a request" },
    example: { query: "How large may an upload be?", documents: [{ title: "Notes", text: noted }], lane: "slow" },
    ...{ body: requestBody, answer: z.object({ valid: z.boolean(), problems: z.array(z.looseObject({})) }) },
  },
  {
    ...{ method: "get", path: `${requests}/{id}`, tag: "Requests", summary: "Its result; 202 while there is none" },
    ...{ query: { wait_ms: z.int().min(0).max(60_000).optional() }, answer: requestState.extend({ result: resultSchema }) },
    otherAnswers: { 202: requestState },
  },
  {
    ...{ method: "get", path: `${requests}/{id}/events`, tag: "Requests", summary: "Its stages, pieces and result" },
    answerType: "text/event-stream",
  },
  { method: "delete", path: `${requests}/{id}`, tag: "Requests", summary: "Cancels it", answer: requestState },
  { method: "post", path: `${requests}/{id}/webhook`, tag: "Requests", summary: "Tells its webhook once more", status: 202 },
  {
    ...{ method: "get", path: "/nocp/v1/webhook-secret", tag: "Requests", summary: "What the tenant checks webhooks with" },
    answer: z.object({ secret: z.string() }),
  },
  {
    ...{ method: "post", path: "/mcp", tag: "MCP", summary: "A message of the Model Context Protocol" },
    body: z.looseObject({ jsonrpc: z.literal("2.0"), method: z.string() }),
    // That of JSON-RPC, or of the gateway, which refuses calls without a key.
    failure: z.looseObject({ error: z.looseObject({ message: z.string() }) }),
  },
  { method: "get", path: "/mcp", tag: "MCP", summary: "Refused: there are no sessions to follow", status: 405, isEmpty: true },
  { method: "delete", path: "/mcp", tag: "MCP", summary: "Refused: there are no sessions to end", status: 405, isEmpty: true },
  { method: "get", path: "/nocp/v1/providers", tag: models, summary: "Providers of the deployment", answer: list },
  {
    method: "get",
    path: "/nocp/v1/sessions/{id}",
    tag: "Requests",
    summary: "What a session's context costs",
    query: sessionQuerySchema.shape,
  },
  { method: "get", path: "/nocp/v1/archive/{reference}", tag: "Compression", summary: "Archived originals", answer: list },
  ...operatorOperations,
  { method: "get", path: "/nocp/v1/openapi.json", tag: "This API", summary: "This document", isPublic: true },
  {
    ...{ method: "get", path: "/nocp/", tag: "This API", summary: "A page to try it", answerType: "text/html" },
    isPublic: true,
  },
];
