// A request of Chat Completions, the protocol that every compatible server speaks.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type {
  ChatCompletionContentPartText,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions/completions";
import type { Capabilities, PromptCachingSupport } from "../../capabilities.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";
import { chatPart } from "./content-parts.ts";
import { markField, promptCacheFields } from "./prompt-cache.ts";
import { openAiSchema } from "./strict-schema.ts";

/** All of a request but whether it is streamed. @param call fitted to the model. */
export function chatRequest(
  call: Omit<ProviderCall, "prompt">,
  { messages, tools, names }: WirePrompt,
  { dialect, promptCaching }: Capabilities,
): ChatCompletionCreateParamsBase {
  return {
    model: call.model,
    messages: messages.map((message) => chatMessage(message, names, promptCaching)),
    ...promptCacheFields(call.promptCaching, promptCaching),
    [dialect.maxOutputTokens]: call.maxOutputTokens,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.topP === undefined ? {} : { top_p: call.topP }),
    ...(call.stop === undefined ? {} : { stop: [...call.stop] }),
    ...(call.seed === undefined ? {} : { [dialect.seed]: call.seed }),
    ...(call.n === undefined ? {} : { n: call.n }),
    ...(call.reasoningEffort === undefined ? {} : { reasoning_effort: call.reasoningEffort }),
    ...toolFields({ ...call, tools }, names),
    ...(call.outputSchema === undefined
      ? {}
      : { response_format: { type: "json_schema", json_schema: { name: "answer", ...openAiSchema(call.outputSchema) } } }),
  };
}

type ToolPart = Pick<ProviderCall, "tools" | "toolChoice" | "parallelToolCalls">;

function toolFields({ tools, toolChoice, parallelToolCalls }: ToolPart, names: ToolNames) {
  if (tools.length === 0) return {};
  const chosen = {
    type: "function" as const,
    function: { name: typeof toolChoice === "object" ? names.toVendor(toolChoice.name) : "" },
  };
  return {
    ...(parallelToolCalls === false ? { parallel_tool_calls: false } : {}),
    tool_choice: typeof toolChoice === "object" ? chosen : toolChoice,
    tools: tools.map((tool) => ({
      type: "function" as const,
      function: { name: names.toVendor(tool.name), description: tool.description, parameters: tool.parameters },
    })),
  };
}

function chatMessage(message: PromptMessage, names: ToolNames, support: PromptCachingSupport): ChatCompletionMessageParam {
  const content = textContent(message, support);
  if (message.role === "tool") return { role: "tool", tool_call_id: message.toolRequestId ?? "", content };
  if (message.role === "user" && message.parts?.length) {
    const parts = message.parts.map((part) => ({ ...chatPart(part), ...markField(part.cache, support) }));
    const text = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
    return { role: "user", content: [...parts, ...(message.text === "" ? [] : text)] };
  }
  if (message.role !== "assistant" || !message.toolRequests?.length) return { role: message.role, content };
  return {
    role: "assistant",
    content,
    tool_calls: message.toolRequests.map((request) => ({
      id: request.id,
      type: "function",
      function: { name: names.toVendor(request.name), arguments: JSON.stringify(request.arguments) },
    })),
  };
}

/** Only a part can carry a mark. */
const textContent = ({ text, cache }: PromptMessage, support: PromptCachingSupport): string | ChatCompletionContentPartText[] =>
  cache === undefined || text === "" ? text : [{ type: "text", text, ...markField(cache, support) }];
