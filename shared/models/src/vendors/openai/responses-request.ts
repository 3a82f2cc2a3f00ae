// A request of OpenAI's Responses API. Nothing is stored there, and nothing of an earlier call is relied on.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { ResponseCreateParamsBase, ResponseInputItem, ResponseReasoningItem } from "openai/resources/responses/responses";
import type { Capabilities, PromptCachingSupport } from "../../capabilities.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";
import { responsesPart } from "./content-parts.ts";
import { markField, promptCacheFields } from "./prompt-cache.ts";
import { openAiSchema } from "./strict-schema.ts";

/** All of a request but whether it is streamed. @param call fitted to the model. */
export function responsesRequest(
  call: ProviderCall,
  { messages, tools, names }: WirePrompt,
  { parts, limits, promptCaching }: Capabilities,
): ResponseCreateParamsBase {
  return {
    model: call.model,
    input: messages.flatMap((message) => inputItems(message, names, promptCaching)),
    ...promptCacheFields(call.promptCaching, promptCaching),
    store: false,
    max_output_tokens: Math.max(limits.smallestOutputTokens, call.maxOutputTokens),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.topP === undefined ? {} : { top_p: call.topP }),
    ...(call.reasoningEffort === undefined ? {} : { reasoning: { effort: call.reasoningEffort } }),
    // Nothing is stored there, so reasoning comes back only if it is asked for, encrypted.
    ...(parts.reasoningItems === "sent" ? { include: ["reasoning.encrypted_content" as const] } : {}),
    ...toolFields({ ...call, tools }, names),
    ...(call.outputSchema === undefined
      ? {}
      : { text: { format: { type: "json_schema" as const, name: "answer", ...openAiSchema(call.outputSchema) } } }),
  };
}

type ToolPart = Pick<ProviderCall, "tools" | "toolChoice" | "parallelToolCalls">;

function toolFields({ tools, toolChoice, parallelToolCalls }: ToolPart, names: ToolNames) {
  if (tools.length === 0) return {};
  return {
    ...(parallelToolCalls === false ? { parallel_tool_calls: false } : {}),
    tool_choice:
      typeof toolChoice === "object" ? { type: "function" as const, name: names.toVendor(toolChoice.name) } : toolChoice,
    tools: tools.map((tool) => ({
      type: "function" as const,
      name: names.toVendor(tool.name),
      description: tool.description,
      parameters: tool.parameters,
      strict: false,
    })),
  };
}

function inputItems(message: PromptMessage, names: ToolNames, support: PromptCachingSupport): ResponseInputItem[] {
  const { role, text, parts = [], toolRequests = [], reasoning = [], cache } = message;
  if (role === "tool") return [{ type: "function_call_output", call_id: message.toolRequestId ?? "", output: text }];
  const calls = toolRequests.map((request) => ({
    type: "function_call" as const,
    call_id: request.id,
    name: names.toVendor(request.name),
    arguments: JSON.stringify(request.arguments),
  }));
  const said = text === "" ? [] : [{ type: "input_text" as const, text, ...markField(cache, support) }];
  const shown = role === "user" ? parts.map((part) => ({ ...responsesPart(part), ...markField(part.cache, support) })) : [];
  const isParts = shown.length > 0 || (cache !== undefined && role !== "assistant");
  const content = isParts ? [...shown, ...said] : text;
  return [
    ...reasoning.flatMap(({ data }) => reasoningItem(data)),
    ...(content.length === 0 ? [] : [{ role, content }]),
    ...calls,
  ];
}

/** It came from there, or from a caller who may send what it likes: the API checks the rest. */
const reasoningItem = (item: object): ResponseReasoningItem[] => (isReasoning(item) ? [item] : []);

const isReasoning = (item: object): item is ResponseReasoningItem =>
  "type" in item && item.type === "reasoning" && "id" in item && typeof item.id === "string";
