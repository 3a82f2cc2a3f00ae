// A request of Chat Completions, the protocol that every compatible server speaks.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { ChatCompletionCreateParamsBase, ChatCompletionMessageParam } from "openai/resources/chat/completions/completions";
import type { Capabilities } from "../../capabilities.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";
import { isStrictSchema } from "./strict-schema.ts";

/** All of a request but whether it is streamed. */
export function chatRequest(
  call: Omit<ProviderCall, "prompt">,
  { messages, names }: WirePrompt,
  { parameters }: Capabilities,
): ChatCompletionCreateParamsBase {
  return {
    model: call.model,
    messages: messages.map((message) => chatMessage(message, names)),
    [parameters.maxOutputTokens]: call.maxOutputTokens,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.tools.length === 0
      ? {}
      : {
          tool_choice: call.toolChoice,
          tools: call.tools.map((tool) => ({
            type: "function" as const,
            function: { name: names.toVendor(tool.name), description: tool.description, parameters: tool.parameters },
          })),
        }),
    ...(call.outputSchema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: "answer", schema: call.outputSchema, strict: isStrictSchema(call.outputSchema) },
          },
        }),
  };
}

function chatMessage(message: PromptMessage, names: ToolNames): ChatCompletionMessageParam {
  if (message.role === "tool") return { role: "tool", tool_call_id: message.toolRequestId ?? "", content: message.text };
  if (message.role !== "assistant" || !message.toolRequests?.length) return { role: message.role, content: message.text };
  return {
    role: "assistant",
    content: message.text,
    tool_calls: message.toolRequests.map((request) => ({
      id: request.id,
      type: "function",
      function: { name: names.toVendor(request.name), arguments: JSON.stringify(request.arguments) },
    })),
  };
}
