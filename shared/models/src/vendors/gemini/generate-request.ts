// A request of Gemini's generateContent, and the part of it that its counter takes.
import {
  type Content,
  type FunctionCallingConfig,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type Part,
  type ThinkingConfig,
  ThinkingLevel,
} from "@google/genai/web";
import type { ContentPart, PromptMessage, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ReasoningEffort } from "@nocp/contracts/request.ts";
import type { Capabilities } from "../../capabilities.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";
import { geminiSchema } from "./response-schema.ts";

/**
 * Gemini 3 refuses a past call without its signature. This is the documented stand-in for calls that another provider
 * made (ai.google.dev/gemini-api/docs/thought-signatures).
 */
const foreignCallSignature = "skip_thought_signature_validator";

/** `contents` and the part of the configuration that says what is asked. @param call fitted to the model. */
export function generateRequest(
  call: ProviderCall,
  prompt: WirePrompt,
  { dialect }: Capabilities,
): { readonly contents: Content[]; readonly config: GenerateContentConfig } {
  const { contents, systemInstruction, tools } = countedPart(prompt);
  const config: GenerateContentConfig = {
    maxOutputTokens: call.maxOutputTokens,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.topP === undefined ? {} : { topP: call.topP }),
    ...(call.stop === undefined ? {} : { stopSequences: [...call.stop] }),
    ...(call.seed === undefined ? {} : { seed: call.seed }),
    ...(call.n === undefined ? {} : { candidateCount: call.n }),
    ...(call.reasoningEffort === undefined ? {} : { thinkingConfig: thinkingOf(call.reasoningEffort, dialect.reasoningEffort) }),
    ...(systemInstruction === undefined ? {} : { systemInstruction }),
    ...(call.outputSchema === undefined
      ? {}
      : { responseMimeType: "application/json", responseJsonSchema: geminiSchema(call.outputSchema) }),
    ...(tools === undefined ? {} : { tools, toolConfig: { functionCallingConfig: callingConfig(call, prompt) } }),
  };
  return { contents, config };
}

function callingConfig({ toolChoice }: ProviderCall, { names }: WirePrompt): FunctionCallingConfig {
  if (typeof toolChoice === "object") {
    return { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: [names.toVendor(toolChoice.name)] };
  }
  const modes = {
    auto: FunctionCallingConfigMode.AUTO,
    none: FunctionCallingConfigMode.NONE,
    required: FunctionCallingConfigMode.ANY,
  } as const;
  return { mode: modes[toolChoice] };
}

/** Tokens of thought that stand for a level, at models that take a number (ai.google.dev/gemini-api/docs/openai, "thinking"). */
const thinkingBudgets = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576 } as const;
/** Later models cannot be kept from thinking. */
const thinkingLevels = {
  none: ThinkingLevel.MINIMAL,
  minimal: ThinkingLevel.MINIMAL,
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
} as const;

const thinkingOf = (effort: ReasoningEffort, wanted: "level" | "budget"): ThinkingConfig =>
  wanted === "budget" ? { thinkingBudget: thinkingBudgets[effort] } : { thinkingLevel: thinkingLevels[effort] };

/** What the prompt's tokens are: turns, instructions and tools. */
export function countedPart({ messages, tools, names }: WirePrompt) {
  const system = messages.filter((message) => message.role === "system").map((message) => message.text);
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name: names.toVendor(name),
    description,
    parametersJsonSchema: parameters,
  }));
  return {
    contents: contentsOf(messages, names),
    ...(system.length === 0 ? {} : { systemInstruction: { parts: [{ text: system.join("\n\n") }] } }),
    ...(tools.length === 0 ? {} : { tools: [{ functionDeclarations }] }),
  };
}

function contentsOf(messages: readonly PromptMessage[], names: ToolNames): Content[] {
  const requests = new Map<string, ToolRequest>();
  const merged: { role: "user" | "model"; parts: Part[] }[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    for (const request of message.toolRequests ?? []) requests.set(request.id, request);
    const role = message.role === "assistant" ? "model" : "user";
    const last = merged.at(-1);
    if (last?.role === role) last.parts.push(...parts(message, requests, names));
    else merged.push({ role, parts: parts(message, requests, names) });
  }
  return merged;
}

function parts(message: PromptMessage, requests: ReadonlyMap<string, ToolRequest>, names: ToolNames): Part[] {
  if (message.role === "tool") {
    const id = message.toolRequestId ?? "";
    const name = names.toVendor(requests.get(id)?.name ?? "");
    return [{ functionResponse: { id, name, response: { output: message.text } } }];
  }
  return [
    ...(message.role === "user" ? (message.parts ?? []).map(contentPart) : []),
    ...(message.text === "" ? [] : [{ text: message.text }]),
    ...(message.toolRequests ?? []).map((request) => ({
      functionCall: { id: request.id, name: names.toVendor(request.name), args: request.arguments },
      thoughtSignature: request.signature ?? foreignCallSignature,
    })),
  ];
}

function contentPart(part: ContentPart): Part {
  if (part.type === "text") return { text: part.text };
  if ("url" in part) return { fileData: { fileUri: part.url, ...(part.mediaType ? { mimeType: part.mediaType } : {}) } };
  return { inlineData: { data: part.data, mimeType: part.mediaType } };
}
