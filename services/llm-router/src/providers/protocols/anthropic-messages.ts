// A completion through Anthropic's Messages API.
import { Anthropic } from "@anthropic-ai/sdk/client";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { ContentBlockParam, MessageCreateParamsBase, MessageParam } from "@anthropic-ai/sdk/resources/messages/messages";
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { createToolNames, type ToolNames } from "../../tool-names.ts";
import { brokenStream, contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "./invalid-response.ts";
import { toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

/** The longest timer there is: waiting is bounded by the signal of the call. */
const NEVER_MS = 2 ** 31 - 1;
/** A conversation must start with the user. */
const FIRST_TURN: MessageParam = { role: "user", content: "(The conversation before this was left out.)" };

export interface AnthropicClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}

export const createAnthropicClient = ({ apiKey, baseUrl, fetch }: AnthropicClientOptions): Anthropic =>
  // Retries, waiting, logging and the environment are not the SDK's business.
  new Anthropic({ apiKey, baseURL: baseUrl, fetch, maxRetries: 0, timeout: NEVER_MS, webhookKey: null, logLevel: "off" });

const count = z.int().nonnegative();
const usageSchema = z.object({
  input_tokens: count.nullish(),
  output_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  output_tokens_details: z.object({ thinking_tokens: count.nullish() }).nullish(),
});
/** What is read of an answer, whole or put together from a stream. */
const messageSchema = z.object({
  model: z.string(),
  stop_reason: z.string().nullish(),
  content: z.array(
    z.union([
      z.object({ type: z.literal("text"), text: z.string() }),
      z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) }),
      z.object({ type: z.string().refine((type) => type !== "text" && type !== "tool_use") }),
    ]),
  ),
  usage: usageSchema,
});
type Message = z.infer<typeof messageSchema>;

export async function completeByMessages(
  client: Anthropic,
  call: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const messages = wellFormedMessages(call.messages);
  const names = createToolNames(toolNamesIn(messages, call.tools), 128);
  const body = requestBody(call, messages, names);
  if (call.onDelta) return completionOf(await streamedMessage(client, body, call.onDelta, signal), names);
  const message = await client.messages.create({ ...body, stream: false }, { signal, timeout: NEVER_MS });
  return completionOf(parseResponse(messageSchema, message), names);
}

function requestBody(call: ProviderCall, messages: readonly PromptMessage[], names: ToolNames): MessageCreateParamsBase {
  const system = messages.filter((message) => message.role === "system").map((message) => message.text);
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens,
    messages: turns(messages, names),
    ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
    ...(call.tools.length === 0
      ? {}
      : {
          tool_choice: { type: call.toolChoice },
          tools: call.tools.map((tool) => ({
            name: names.toVendor(tool.name),
            description: tool.description,
            input_schema: { ...tool.parameters, type: "object" as const },
          })),
        }),
    ...(call.outputSchema === undefined
      ? {}
      : { output_config: { format: { type: "json_schema" as const, schema: acceptableSchema(call.outputSchema) } } }),
  };
}

/** With what the API does not know moved into descriptions; as it is where the SDK cannot do that. */
function acceptableSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return transformJSONSchema(schema);
  } catch {
    return schema;
  }
}

/** Consecutive messages of one side become one turn, as the API wants it; tool results are the user's. */
function turns(messages: readonly PromptMessage[], names: ToolNames): MessageParam[] {
  const merged: { role: "user" | "assistant"; content: ContentBlockParam[] }[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    const role = message.role === "assistant" ? "assistant" : "user";
    const last = merged.at(-1);
    if (last?.role === role) last.content.push(...blocks(message, names));
    else merged.push({ role, content: blocks(message, names) });
  }
  return merged[0]?.role === "assistant" ? [FIRST_TURN, ...merged] : merged;
}

function blocks(message: PromptMessage, names: ToolNames): ContentBlockParam[] {
  if (message.role === "tool") {
    return [{ type: "tool_result", tool_use_id: message.toolRequestId ?? "", content: message.text }];
  }
  return [
    ...(message.text === "" ? [] : [{ type: "text" as const, text: message.text }]),
    ...(message.toolRequests ?? []).map((request) => ({
      type: "tool_use" as const,
      id: request.id,
      name: names.toVendor(request.name),
      input: request.arguments,
    })),
  ];
}

async function streamedMessage(
  client: Anthropic,
  body: MessageCreateParamsBase,
  onDelta: (text: string) => void,
  signal: AbortSignal,
): Promise<Message> {
  const stream = await client.messages.create({ ...body, stream: true }, { signal, timeout: NEVER_MS });
  if (typeof stream[Symbol.asyncIterator] !== "function") throw invalidResponse("it is no stream");
  let model = body.model;
  let stopReason: string | null = null;
  let usage: z.infer<typeof usageSchema> = {};
  const texts: string[] = [];
  const tools = new Map<number, { id: string; name: string; json: string }>();
  for await (const event of stream) {
    switch (event.type) {
      case "message_start":
        model = event.message.model;
        usage = { ...event.message.usage };
        break;
      case "content_block_start":
        if (event.content_block.type === "tool_use") {
          tools.set(event.index, { id: event.content_block.id, name: event.content_block.name, json: "" });
        }
        break;
      case "content_block_delta":
        if (event.delta.type === "text_delta") {
          texts.push(event.delta.text);
          onDelta(event.delta.text);
        } else if (event.delta.type === "input_json_delta") {
          const tool = tools.get(event.index);
          if (tool) tool.json += event.delta.partial_json;
        }
        break;
      case "message_delta":
        stopReason = event.delta.stop_reason ?? stopReason;
        // Its counts are totals, and later than those of the start; absent ones stand.
        usage = { ...usage, ...Object.fromEntries(Object.entries(event.usage ?? {}).filter(([, value]) => value !== null)) };
        break;
    }
  }
  if (stopReason === null) throw brokenStream();
  const toolUses = [...tools.values()].map(({ id, name, json }) => ({
    type: "tool_use",
    id,
    name,
    input: parseToolArguments(json),
  }));
  return parseResponse(messageSchema, {
    model,
    stop_reason: stopReason,
    content: [{ type: "text", text: texts.join("") }, ...toolUses],
    usage,
  });
}

const finishReasons: Readonly<Record<string, ProviderCompletion["finishReason"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
};

function completionOf(message: Message, names: ToolNames): ProviderCompletion {
  if (message.stop_reason === "refusal") throw contentFiltered(message.stop_reason);
  const text = message.content.map((block) => ("text" in block ? block.text : "")).join("");
  const toolRequests = message.content.flatMap((block) =>
    "input" in block ? [{ id: block.id, name: names.fromVendor(block.name), arguments: block.input }] : [],
  );
  return {
    text,
    finishReason: toolRequests.length > 0 ? "tool-calls" : (finishReasons[message.stop_reason ?? ""] ?? "unknown"),
    usage: usageOf(message.usage),
    model: message.model,
    toolRequests,
  };
}

/** Anthropic's `input_tokens` leaves out what was read from or written to its cache; NOCP's includes it. */
function usageOf(usage: z.infer<typeof usageSchema>): Usage | null {
  if (typeof usage.input_tokens !== "number" || typeof usage.output_tokens !== "number") return null;
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cacheReadTokens + cacheWriteTokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
    source: "provider",
  };
}
