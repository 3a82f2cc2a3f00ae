// A vendor for measuring, with its prompt cache: speaks Chat Completions and Anthropic's Messages, answers with the facts that
// reached it, and reports what of a prompt it read from its cache and wrote to it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Usage } from "@nocp/contracts/accounting.ts";
import { capabilitiesOf } from "@nocp/models/capabilities.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { vendorOfModel } from "@nocp/models/vendor-table.ts";
import { z } from "zod";
import type { Question } from "../workloads/workload.ts";
import { answerOf } from "./counting-model-server.ts";
import { createPromptCache, type PromptCache, type PromptPiece } from "./prompt-cache.ts";

export interface VendorCall {
  readonly model: string;
  readonly usage: Usage;
}

/** What the next call is answered with: the facts of a question that reached the model, or a text. */
export type ExpectedCall = { readonly question: Question } | { readonly reply: string };

export interface CachingVendorServer {
  /** Without a version. */
  readonly url: string;
  expect(next: ExpectedCall): void;
  /** The calls since the last time. */
  takeCalls(): VendorCall[];
  /** Forgets all prompts. */
  clearCache(): void;
  close(): Promise<void>;
}

const markSchema = z.looseObject({ ttl: z.enum(["5m", "1h"]).default("5m") }).optional();
const blockSchema = z.looseObject({ cache_control: markSchema });
const contentSchema = z.union([z.string(), z.array(blockSchema), z.null()]).optional();
const bodySchema = z.looseObject({
  model: z.string(),
  system: z.union([z.string(), z.array(blockSchema)]).optional(),
  tools: z.array(blockSchema).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })),
});
type Body = z.infer<typeof bodySchema>;

/** What the chat format adds to a message. */
const tokensPerMessage = 4;

/** @param now milliseconds. */
export async function startCachingVendorServer(now: () => number = Date.now): Promise<CachingVendorServer> {
  let expected: ExpectedCall = { reply: "" };
  let calls: VendorCall[] = [];
  const caches = new Map<string, PromptCache>();
  const cacheOf = (model: string): PromptCache => {
    const vendor = vendorOfModel(model);
    if (vendor === undefined) throw new Error(`nobody's model: ${model}`);
    const cache = caches.get(model) ?? createPromptCache(capabilitiesOf(vendor.capabilities, model).promptCaching, now);
    caches.set(model, cache);
    return cache;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = bodySchema.parse(JSON.parse((await buffer(request)).toString("utf8")));
    const counter = createTokenCounter(body.model);
    const pieces = piecesOf(body, (text) => counter.count(text));
    const { read, written, writtenOneHour } = cacheOf(body.model).take(pieces, (text) => counter.count(text));
    const prompt = pieces.map(({ text }) => text).join("\n");
    const text = "reply" in expected ? expected.reply : answerOf(expected.question, prompt);
    const usage: Usage = {
      inputTokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0),
      outputTokens: counter.count(text),
      cacheReadTokens: read,
      cacheWriteTokens: written,
      cacheWriteOneHourTokens: writtenOneHour,
      reasoningTokens: 0,
      source: "provider",
    };
    calls.push({ model: body.model, usage });
    const isMessages = request.url?.endsWith("/messages") ?? false;
    send(response, 200, isMessages ? messageOf(body.model, text, usage) : completionOf(body.model, text, usage));
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send(response, 400, { type: "error", error: { type: "invalid_request_error", message } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expect: (next) => {
      expected = next;
    },
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    clearCache: () => {
      for (const cache of caches.values()) cache.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function piecesOf({ tools, system, messages }: Body, countTokens: (text: string) => number): PromptPiece[] {
  const piece = (role: string, { cache_control: mark, ...block }: z.infer<typeof blockSchema>, extra: number): PromptPiece => {
    const text = typeof block.text === "string" ? `${role}: ${block.text}` : `${role}: ${JSON.stringify(block)}`;
    return { text, tokens: countTokens(text) + extra, ttl: mark?.ttl };
  };
  const blocksOf = (content: z.infer<typeof contentSchema>) =>
    typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
  return [
    ...tools.map((tool) => piece("tool", tool, 0)),
    ...blocksOf(system).map((block) => piece("system", block, 0)),
    ...messages.flatMap(({ role, content, ...rest }) => {
      const own = blocksOf(content).map((block, at) => piece(role, block, at === 0 ? tokensPerMessage : 0));
      return Object.keys(rest).length === 0 ? own : [...own, piece(role, rest, 0)];
    }),
  ];
}

const completionOf = (model: string, content: string, usage: Usage) => ({
  id: "chatcmpl-measuring",
  object: "chat.completion",
  created: 0,
  model,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
  },
});

const messageOf = (model: string, text: string, usage: Usage) => ({
  id: "msg_measuring",
  type: "message",
  role: "assistant",
  model,
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens - (usage.cacheWriteOneHourTokens ?? 0),
      ephemeral_1h_input_tokens: usage.cacheWriteOneHourTokens ?? 0,
    },
    output_tokens: usage.outputTokens,
  },
});

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
