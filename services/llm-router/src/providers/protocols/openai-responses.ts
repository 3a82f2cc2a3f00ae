// A completion through OpenAI's Responses API. Nothing is stored there, and nothing of an earlier call is relied on.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { OpenAI } from "openai/client";
import type { ResponseCreateParamsBase, ResponseInputItem } from "openai/resources/responses/responses";
import { z } from "zod";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { createToolNames, type ToolNames } from "../../tool-names.ts";
import { brokenStream, contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "./invalid-response.ts";
import { isStrictSchema } from "./strict-schema.ts";
import { toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

/** The API refuses a smaller limit. */
const SMALLEST_OUTPUT_LIMIT = 16;

const count = z.int().nonnegative();
/** What is read of an answer; the rest may change as it likes. */
const responseSchema = z.object({
  status: z.string(),
  model: z.string(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  output: z.array(
    z.union([
      z.object({
        type: z.literal("message"),
        content: z.array(z.object({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() })),
      }),
      z.object({ type: z.literal("function_call"), call_id: z.string(), name: z.string(), arguments: z.string() }),
      z.object({ type: z.string().refine((type) => type !== "message" && type !== "function_call") }),
    ]),
  ),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count.nullish(), cache_write_tokens: count.nullish() }).nullish(),
      output_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish(),
    })
    .nullish(),
});
type ParsedResponse = z.infer<typeof responseSchema>;

/** Thrown for an answer that reports its own failure, in the form of the SDK's errors so that it is classified alike. */
const failedResponse = (error: ParsedResponse["error"]): Error =>
  Object.assign(new Error(error?.message ?? "the response failed"), { code: error?.code ?? "server_error" });

export async function completeByResponses(client: OpenAI, call: ProviderCall, signal: AbortSignal): Promise<ProviderCompletion> {
  const messages = wellFormedMessages(call.messages);
  const names = createToolNames(toolNamesIn(messages, call.tools));
  const body = requestBody(call, inputItems(messages, names), names);
  const { onDelta } = call;
  if (!onDelta) return completionOf(await client.responses.create({ ...body, stream: false }, { signal }), names);

  const stream = await client.responses.create({ ...body, stream: true }, { signal });
  if (typeof stream[Symbol.asyncIterator] !== "function") throw invalidResponse("it is no stream");
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") onDelta(event.delta);
    else if (event.type === "response.completed" || event.type === "response.incomplete" || event.type === "response.failed") {
      return completionOf(event.response, names);
    } else if (event.type === "error") throw failedResponse(event);
  }
  throw brokenStream();
}

function inputItems(messages: ReturnType<typeof wellFormedMessages>, names: ToolNames): ResponseInputItem[] {
  return messages.flatMap((message): ResponseInputItem[] => {
    if (message.role === "tool") {
      return [{ type: "function_call_output", call_id: message.toolRequestId ?? "", output: message.text }];
    }
    const calls = (message.toolRequests ?? []).map((request) => ({
      type: "function_call" as const,
      call_id: request.id,
      name: names.toVendor(request.name),
      arguments: JSON.stringify(request.arguments),
    }));
    return [...(message.text === "" ? [] : [{ role: message.role, content: message.text }]), ...calls];
  });
}

function requestBody(call: ProviderCall, input: ResponseInputItem[], names: ToolNames): ResponseCreateParamsBase {
  return {
    model: call.model,
    input,
    store: false,
    max_output_tokens: Math.max(SMALLEST_OUTPUT_LIMIT, call.maxOutputTokens),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.tools.length === 0
      ? {}
      : {
          tool_choice: call.toolChoice,
          tools: call.tools.map((tool) => ({
            type: "function" as const,
            name: names.toVendor(tool.name),
            description: tool.description,
            parameters: tool.parameters,
            strict: false,
          })),
        }),
    ...(call.outputSchema === undefined
      ? {}
      : {
          text: {
            format: {
              type: "json_schema" as const,
              name: "answer",
              schema: call.outputSchema,
              strict: isStrictSchema(call.outputSchema),
            },
          },
        }),
  };
}

function completionOf(response: unknown, names: ToolNames): ProviderCompletion {
  const parsed = parseResponse(responseSchema, response);
  if (parsed.status === "failed") throw failedResponse(parsed.error);
  const reason = parsed.incomplete_details?.reason;
  if (reason === "content_filter") throw contentFiltered(reason);
  if (parsed.status !== "completed" && parsed.status !== "incomplete") throw invalidResponse(`its status is ${parsed.status}`);

  const parts = parsed.output.flatMap((item) => ("content" in item ? item.content : []));
  const text = parts.map((part) => part.text ?? "").join("");
  const refusal = parts.map((part) => part.refusal ?? "").join("");
  const toolRequests = parsed.output.flatMap((item) =>
    "call_id" in item
      ? [{ id: item.call_id, name: names.fromVendor(item.name), arguments: parseToolArguments(item.arguments) }]
      : [],
  );
  const finishReason = () => {
    if (toolRequests.length > 0) return "tool-calls";
    if (refusal !== "") return "content-filter";
    return parsed.status === "incomplete" ? "length" : "stop";
  };
  return {
    text: text === "" ? refusal : text,
    finishReason: finishReason(),
    usage: usageOf(parsed.usage),
    model: parsed.model,
    toolRequests,
  };
}

function usageOf(usage: ParsedResponse["usage"]): Usage | null {
  if (!usage) return null;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    source: "provider",
  };
}
