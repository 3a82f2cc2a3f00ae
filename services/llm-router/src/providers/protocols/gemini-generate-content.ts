// A completion through Gemini's generateContent.
import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentParameters,
  GoogleGenAI,
  type Part,
} from "@google/genai/web";
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { PromptMessage, ToolRequest } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { createToolNames, type ToolNames } from "../../tool-names.ts";
import { boundedToolArguments, brokenStream, contentFiltered, invalidResponse, parseResponse } from "./invalid-response.ts";
import { nextToolRequestId, toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

/**
 * Gemini 3 refuses a past call without its signature. This is the documented stand-in for calls that another provider
 * made (ai.google.dev/gemini-api/docs/thought-signatures).
 */
const FOREIGN_CALL_SIGNATURE = "skip_thought_signature_validator";

export interface GeminiClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly apiVersion: string;
}

export const createGeminiClient = ({ apiKey, baseUrl, apiVersion }: GeminiClientOptions): GoogleGenAI =>
  new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, apiVersion } });

const count = z.int().nonnegative();
const partSchema = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  functionCall: z
    .object({ id: z.string().nullish(), name: z.string(), args: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});
/** What is read of an answer, and of each chunk of a stream. */
const responseSchema = z.object({
  modelVersion: z.string().nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  candidates: z
    .array(
      z.object({ content: z.object({ parts: z.array(partSchema).nullish() }).nullish(), finishReason: z.string().nullish() }),
    )
    .nullish(),
  usageMetadata: z
    .object({
      promptTokenCount: count.nullish(),
      toolUsePromptTokenCount: count.nullish(),
      candidatesTokenCount: count.nullish(),
      thoughtsTokenCount: count.nullish(),
      cachedContentTokenCount: count.nullish(),
    })
    .nullish(),
});
type Parsed = z.infer<typeof responseSchema>;

interface Answer {
  model: string;
  parts: z.infer<typeof partSchema>[];
  finishReason: string | null;
  usage: Parsed["usageMetadata"];
}

/** @param fetch is wrapped for each call: the SDK's errors leave out the headers that say when to try again. */
export async function completeByGenerateContent(
  client: GoogleGenAI,
  call: ProviderCall,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<ProviderCompletion> {
  const messages = wellFormedMessages(call.messages);
  const names = createToolNames(toolNamesIn(messages, call.tools));
  let failedHeaders: Headers | undefined;
  const observingFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) failedHeaders = response.headers;
    return response;
  };
  const parameters = generateParameters(call, messages, names, signal, observingFetch);
  try {
    const answer: Answer = { model: call.model, parts: [], finishReason: null, usage: null };
    if (call.onDelta) {
      for await (const chunk of await client.models.generateContentStream(parameters)) addChunk(answer, chunk, call.onDelta);
      if (answer.finishReason === null) throw brokenStream();
    } else {
      addChunk(answer, await client.models.generateContent(parameters));
      if (answer.finishReason === null) throw invalidResponse("it has no candidate that is finished");
    }
    return completionOf(answer, messages, names);
  } catch (error) {
    if (failedHeaders && error instanceof Error && !("headers" in error)) Object.assign(error, { headers: failedHeaders });
    throw error;
  }
}

function generateParameters(
  call: ProviderCall,
  messages: readonly PromptMessage[],
  names: ToolNames,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): GenerateContentParameters {
  const system = messages.filter((message) => message.role === "system").map((message) => message.text);
  return {
    model: call.model,
    contents: contents(messages, names),
    config: {
      abortSignal: signal,
      // The SDK would retry, continue and call functions on its own, each at a price.
      httpOptions: { fetch, retryOptions: { attempts: 1 } },
      automaticContinuation: false,
      automaticFunctionCalling: { disable: true },
      maxOutputTokens: call.maxOutputTokens,
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(system.length === 0 ? {} : { systemInstruction: system.join("\n\n") }),
      ...(call.outputSchema === undefined ? {} : { responseMimeType: "application/json", responseJsonSchema: call.outputSchema }),
      ...(call.tools.length === 0
        ? {}
        : {
            toolConfig: {
              functionCallingConfig: {
                mode: call.toolChoice === "none" ? FunctionCallingConfigMode.NONE : FunctionCallingConfigMode.AUTO,
              },
            },
            tools: [
              {
                functionDeclarations: call.tools.map((tool) => ({
                  name: names.toVendor(tool.name),
                  description: tool.description,
                  parametersJsonSchema: tool.parameters,
                })),
              },
            ],
          }),
    },
  };
}

function contents(messages: readonly PromptMessage[], names: ToolNames): Content[] {
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

function addChunk(answer: Answer, received: unknown, onDelta?: (text: string) => void): void {
  const chunk = parseResponse(responseSchema, received);
  const blocked = chunk.promptFeedback?.blockReason;
  if (blocked) throw contentFiltered(blocked);
  answer.model = chunk.modelVersion ?? answer.model;
  answer.usage = chunk.usageMetadata ?? answer.usage;
  const candidate = chunk.candidates?.[0];
  answer.finishReason = candidate?.finishReason ?? answer.finishReason;
  for (const part of candidate?.content?.parts ?? []) {
    answer.parts.push(part);
    if (part.text && !part.thought) onDelta?.(part.text);
  }
}

const filtered = /SAFETY|BLOCKLIST|PROHIBITED|SPII|RECITATION/;
const malformed = /MALFORMED|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS/;

function completionOf(answer: Answer, messages: readonly PromptMessage[], names: ToolNames): ProviderCompletion {
  const reason = answer.finishReason ?? "";
  if (filtered.test(reason)) throw contentFiltered(reason);
  if (malformed.test(reason)) throw invalidResponse(`it ended with ${reason}`);
  const text = answer.parts.map((part) => (part.thought ? "" : (part.text ?? ""))).join("");
  const toolRequests = answer.parts
    .filter((part) => part.functionCall)
    .map((part, index) => ({
      id: part.functionCall?.id || nextToolRequestId(messages, index),
      name: names.fromVendor(part.functionCall?.name ?? ""),
      arguments: boundedToolArguments(part.functionCall?.args ?? {}),
      ...(part.thoughtSignature ? { signature: part.thoughtSignature } : {}),
    }));
  const finishReason = () => {
    if (toolRequests.length > 0) return "tool-calls";
    if (reason === "STOP") return "stop";
    return reason === "MAX_TOKENS" ? "length" : "unknown";
  };
  return { text, finishReason: finishReason(), usage: usageOf(answer.usage), model: answer.model, toolRequests };
}

/** Gemini counts thoughts beside the answer; NOCP's output includes them. */
function usageOf(usage: Parsed["usageMetadata"]): Usage | null {
  if (typeof usage?.promptTokenCount !== "number") return null;
  const reasoningTokens = usage.thoughtsTokenCount ?? 0;
  return {
    inputTokens: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
    outputTokens: (usage.candidatesTokenCount ?? 0) + reasoningTokens,
    cacheReadTokens: usage.cachedContentTokenCount ?? 0,
    cacheWriteTokens: 0,
    reasoningTokens,
    source: "provider",
  };
}
