// A request of Anthropic's Messages API, and the part of it that its counter takes.
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type {
  ContentBlockParam,
  MessageCountTokensParams,
  MessageCreateParamsBase,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";

/** A conversation must start with the user. */
const FIRST_TURN: MessageParam = { role: "user", content: "(The conversation before this was left out.)" };

export const messagesRequest = (call: ProviderCall, prompt: WirePrompt): MessageCreateParamsBase => ({
  ...countedPart(call, prompt),
  max_tokens: call.maxOutputTokens,
  ...(call.tools.length === 0 ? {} : { tool_choice: { type: call.toolChoice } }),
  ...(call.outputSchema === undefined
    ? {}
    : { output_config: { format: { type: "json_schema" as const, schema: acceptableSchema(call.outputSchema) } } }),
});

/** What the prompt's tokens are: model, instructions, turns and tools. */
export function countedPart(
  { model, tools }: Pick<ProviderCall, "model" | "tools">,
  { messages, names }: WirePrompt,
): Pick<MessageCountTokensParams & MessageCreateParamsBase, "model" | "messages"> & {
  system?: string;
  tools?: { name: string; description: string; input_schema: { type: "object" } }[];
} {
  const system = messages.filter((message) => message.role === "system").map((message) => message.text);
  return {
    model,
    messages: turns(messages, names),
    ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            name: names.toVendor(tool.name),
            description: tool.description,
            input_schema: { ...tool.parameters, type: "object" as const },
          })),
        }),
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
