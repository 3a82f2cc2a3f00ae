// A completion through Gemini's generateContent.
import { type GenerateContentConfig, GoogleGenAI } from "@google/genai/web";
import { brokenStream, invalidResponse } from "../../answers/read-answer.ts";
import { capabilitiesOf } from "../../capabilities.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { geminiCapabilities } from "./capabilities.ts";
import { addChunk, completionOfGemini, type GeminiAnswer } from "./generate-answer.ts";
import { generateRequest } from "./generate-request.ts";

export interface GeminiClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly apiVersion: string;
}

export const createGeminiClient = ({ apiKey, baseUrl, apiVersion }: GeminiClientOptions): GoogleGenAI =>
  new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, apiVersion } });

/** @param fetch is wrapped for each call: the SDK's errors leave out the headers that say when to try again. */
export async function completeByGenerateContent(
  client: GoogleGenAI,
  call: ProviderCall,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<ProviderCompletion> {
  const prompt = wirePrompt(call, capabilitiesOf(geminiCapabilities, call.model));
  let failedHeaders: Headers | undefined;
  const observingFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) failedHeaders = response.headers;
    return response;
  };
  const { contents, config } = generateRequest(call, prompt);
  const parameters = { model: call.model, contents, config: { ...config, ...transport(signal, observingFetch) } };
  try {
    const answer: GeminiAnswer = { model: call.model, parts: [], finishReason: null, usage: null };
    if (call.onDelta) {
      for await (const chunk of await client.models.generateContentStream(parameters)) addChunk(answer, chunk, call.onDelta);
      if (answer.finishReason === null) throw brokenStream();
    } else {
      addChunk(answer, await client.models.generateContent(parameters));
      if (answer.finishReason === null) throw invalidResponse("it has no candidate that is finished");
    }
    return completionOfGemini(answer, prompt);
  } catch (error) {
    if (failedHeaders && error instanceof Error && !("headers" in error)) Object.assign(error, { headers: failedHeaders });
    throw error;
  }
}

/** The SDK would retry, continue and call functions on its own, each at a price. */
const transport = (signal: AbortSignal, fetch: typeof globalThis.fetch): GenerateContentConfig => ({
  abortSignal: signal,
  httpOptions: { fetch, retryOptions: { attempts: 1 } },
  automaticContinuation: false,
  automaticFunctionCalling: { disable: true },
});
