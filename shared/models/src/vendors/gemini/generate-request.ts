// A request of Gemini's generateContent, and the part of it that its counter takes.
import { type Content, FunctionCallingConfigMode, type GenerateContentConfig, type Part } from "@google/genai/web";
import type { PromptMessage, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";

/**
 * Gemini 3 refuses a past call without its signature. This is the documented stand-in for calls that another provider
 * made (ai.google.dev/gemini-api/docs/thought-signatures).
 */
const FOREIGN_CALL_SIGNATURE = "skip_thought_signature_validator";

/** `contents` and the part of the configuration that says what is asked. */
export function generateRequest(
  call: ProviderCall,
  prompt: WirePrompt,
): { readonly contents: Content[]; readonly config: GenerateContentConfig } {
  const { contents, systemInstruction, tools } = countedPart(call, prompt);
  return {
    contents,
    config: {
      maxOutputTokens: call.maxOutputTokens,
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(systemInstruction === undefined ? {} : { systemInstruction }),
      ...(call.outputSchema === undefined ? {} : { responseMimeType: "application/json", responseJsonSchema: call.outputSchema }),
      ...(tools === undefined ? {} : { tools, toolConfig: { functionCallingConfig: { mode: callingMode(call) } } }),
    },
  };
}

const callingMode = ({ toolChoice }: ProviderCall): FunctionCallingConfigMode =>
  toolChoice === "none" ? FunctionCallingConfigMode.NONE : FunctionCallingConfigMode.AUTO;

/** What the prompt's tokens are: turns, instructions and tools. */
export function countedPart({ tools }: Pick<ProviderCall, "tools">, { messages, names }: WirePrompt) {
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
    ...(message.text === "" ? [] : [{ text: message.text }]),
    ...(message.toolRequests ?? []).map((request) => ({
      functionCall: { id: request.id, name: names.toVendor(request.name), args: request.arguments },
      thoughtSignature: request.signature ?? FOREIGN_CALL_SIGNATURE,
    })),
  ];
}
