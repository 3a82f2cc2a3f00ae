// An answer of OpenAI's Responses API: the response object, whole or as the last event of a stream has it.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { z } from "zod";
import { contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { ProviderCompletion } from "../../provider.ts";

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
export const failedResponse = (error: ParsedResponse["error"]): Error =>
  Object.assign(new Error(error?.message ?? "the response failed"), { code: error?.code ?? "server_error" });

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE; the error that the response reports of itself. */
export function readResponse(response: unknown, names: ToolNames): ProviderCompletion {
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
