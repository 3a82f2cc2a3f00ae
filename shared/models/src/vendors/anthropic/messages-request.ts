// A request of Anthropic's Messages API, and the part of it that its counter takes.
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type {
  CacheControlEphemeral,
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  MessageCountTokensParams,
  MessageCreateParamsBase,
  MessageParam,
  OutputConfig,
  RedactedThinkingBlockParam,
  TextBlockParam,
  ThinkingBlockParam,
  ToolChoice,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { CacheMark, ContentPart, PromptMessage } from "@nocp/contracts/prompt.ts";
import type { ReasoningEffort } from "@nocp/contracts/request.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";

/** A conversation must start with the user. */
const firstTurn: MessageParam = { role: "user", content: "(The conversation before this was left out.)" };

/** All of a request but whether it is streamed. @param call fitted to the model. */
export const messagesRequest = (call: ProviderCall, prompt: WirePrompt): MessageCreateParamsBase => ({
  ...countedPart(call, prompt),
  max_tokens: call.maxOutputTokens,
  ...(call.stop === undefined ? {} : { stop_sequences: [...call.stop] }),
  ...(call.tools.length === 0 ? {} : { tool_choice: toolChoiceOf(call, prompt) }),
  ...outputConfig(call),
});

function toolChoiceOf({ toolChoice, parallelToolCalls }: ProviderCall, { names }: WirePrompt): ToolChoice {
  const one = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (typeof toolChoice === "object") return { type: "tool", name: names.toVendor(toolChoice.name), ...one };
  return toolChoice === "none" ? { type: "none" } : { type: toolChoice === "required" ? "any" : toolChoice, ...one };
}

/** Anthropic's lowest effort stands for what other vendors call minimal and none. */
const effortOf = (effort: ReasoningEffort): "low" | "medium" | "high" =>
  effort === "medium" || effort === "high" ? effort : "low";

function outputConfig({ outputSchema, reasoningEffort }: ProviderCall): { output_config?: OutputConfig } {
  if (outputSchema === undefined && reasoningEffort === undefined) return {};
  return {
    output_config: {
      ...(reasoningEffort === undefined ? {} : { effort: effortOf(reasoningEffort) }),
      ...(outputSchema === undefined ? {} : { format: { type: "json_schema", schema: acceptableSchema(outputSchema) } }),
    },
  };
}

/** What the prompt's tokens are: model, instructions, turns and tools. */
export function countedPart(
  { model }: Pick<ProviderCall, "model">,
  { messages, tools, names }: WirePrompt,
): Pick<MessageCountTokensParams & MessageCreateParamsBase, "model" | "messages"> & {
  system?: string | TextBlockParam[];
  tools?: { name: string; description: string; input_schema: { type: "object" }; cache_control?: CacheControlEphemeral }[];
} {
  const system = messages.filter((message) => message.role === "system");
  return {
    model,
    messages: turns(messages, names),
    ...(system.length === 0 ? {} : { system: systemOf(system) }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            name: names.toVendor(tool.name),
            description: tool.description,
            input_schema: { ...tool.parameters, type: "object" as const },
            ...cacheControl(tool.cache),
          })),
        }),
  };
}

/** Only a block can carry a mark. */
const systemOf = (messages: readonly PromptMessage[]): string | TextBlockParam[] =>
  messages.every(({ cache }) => cache === undefined)
    ? messages.map(({ text }) => text).join("\n\n")
    : messages.map(({ text, cache }) => ({ type: "text", text, ...cacheControl(cache) }));

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
  return merged[0]?.role === "assistant" ? [firstTurn, ...merged] : merged;
}

const cacheControl = (mark: CacheMark | undefined): { cache_control?: CacheControlEphemeral } =>
  mark === undefined ? {} : { cache_control: { type: "ephemeral", ...(mark.ttl === "5m" ? {} : { ttl: mark.ttl }) } };

/** A message's mark goes on its last block that can carry one: thinking cannot. */
function blocks(message: PromptMessage, names: ToolNames): ContentBlockParam[] {
  const all = plainBlocks(message, names);
  const last = all.at(-1);
  if (message.cache === undefined || last === undefined || isThinking(last)) return all;
  return [...all.slice(0, -1), { ...last, ...cacheControl(message.cache) }];
}

function plainBlocks(message: PromptMessage, names: ToolNames): ContentBlockParam[] {
  if (message.role === "tool") {
    return [{ type: "tool_result", tool_use_id: message.toolRequestId ?? "", content: message.text }];
  }
  return [
    // The API insists on thinking before everything else of the turn.
    ...(message.reasoning ?? []).flatMap(({ data }) => thinkingBlock(data)),
    ...(message.role === "user" ? (message.parts ?? []).map(partBlock) : []),
    ...(message.text === "" ? [] : [{ type: "text" as const, text: message.text }]),
    ...(message.toolRequests ?? []).map((request) => ({
      type: "tool_use" as const,
      id: request.id,
      name: names.toVendor(request.name),
      input: request.arguments,
    })),
  ];
}

/** It came from there, or from a caller who may send what it likes: the API checks the rest. */
const thinkingBlock = (block: object): ContentBlockParam[] => (isThinking(block) ? [block] : []);

const isThinking = (block: object): block is ThinkingBlockParam | RedactedThinkingBlockParam =>
  "type" in block && (block.type === "thinking" || block.type === "redacted_thinking");

const partBlock = (part: ContentPart): ContentBlockParam => ({ ...plainPart(part), ...cacheControl(part.cache) });

function plainPart(part: ContentPart): TextBlockParam | ImageBlockParam | DocumentBlockParam {
  if (part.type === "text") return { type: "text", text: part.text };
  if (part.type === "image") {
    if ("url" in part) return { type: "image", source: { type: "url", url: part.url } };
    const mediaType = imageTypes.find((type) => type === part.mediaType);
    if (mediaType) return { type: "image", source: { type: "base64", media_type: mediaType, data: part.data } };
  } else if ("url" in part) return { type: "document", source: { type: "url", url: part.url } };
  else if (part.mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: "application/pdf", data: part.data } };
  }
  throw new NocpError("PROVIDER_UNSUPPORTED", `Anthropic takes no ${part.type} of the type ${part.mediaType}`);
}

const imageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;
