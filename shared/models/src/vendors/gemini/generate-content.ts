// A completion through Gemini's generateContent.
import { type GenerateContentConfig, GoogleGenAI } from "@google/genai/web";
import { discardBody, isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { refuseUntranslated } from "../../native-body.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { geminiCapabilities } from "./capabilities.ts";
import { readGenerated, readGeneratedStream } from "./generate-answer.ts";
import { generateRequest } from "./generate-request.ts";

export interface GeminiClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly apiVersion: string;
}

export const createGeminiClient = ({ apiKey, baseUrl, apiVersion }: GeminiClientOptions): GoogleGenAI =>
  new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, apiVersion } });

/** The SDK writes the request, and reads an error; the answer is read here, where no digit of a number is lost. */
export async function completeByGenerateContent(
  client: GoogleGenAI,
  asked: ProviderCall,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<ProviderCompletion> {
  refuseUntranslated(asked);
  const capabilities = capabilitiesOf(geminiCapabilities, asked.model);
  const { call, warnings } = fitCall(asked, capabilities, "gemini");
  const prompt = wirePrompt(call, capabilities);
  const { contents, config } = generateRequest(call, prompt, capabilities);
  const { onDelta } = call;
  const response = await responseOf(fetch, (observed) => {
    const parameters = { model: call.model, contents, config: { ...config, ...transport(signal, observed) } };
    return onDelta ? client.models.generateContentStream(parameters) : client.models.generateContent(parameters);
  });
  noteHeaders(response, call.progress);
  const completion =
    onDelta && isEventStream(response)
      ? await readGeneratedStream(readEvents(response, call.progress), prompt, call)
      : readGenerated(await readJson(response), prompt, call);
  return { ...completion, warnings };
}

/**
 * The response to what the SDK asks for, unread: the SDK gets an empty one in its place. A refusal it gets itself, for its
 * error, to which the headers are added that say when to try again.
 */
async function responseOf(
  fetch: typeof globalThis.fetch,
  ask: (observed: typeof globalThis.fetch) => Promise<unknown>,
): Promise<Response> {
  let response: Response | undefined;
  const observed: typeof fetch = async (input, init) => {
    response = await fetch(input, init);
    return response.ok ? Response.json({}) : response;
  };
  try {
    await ask(observed);
  } catch (error) {
    if (response && error instanceof Error && !("headers" in error)) Object.assign(error, { headers: response.headers });
    throw error;
  }
  if (!response) throw new Error("the SDK answered without asking");
  return response;
}

/** The SDK would retry, continue and call functions on its own, each at a price. */
const transport = (signal: AbortSignal, fetch: typeof globalThis.fetch): GenerateContentConfig => ({
  abortSignal: signal,
  httpOptions: { fetch, retryOptions: { attempts: 1 } },
  automaticContinuation: false,
  automaticFunctionCalling: { disable: true },
});

/** Asks for the list of models, and reads none of it. */
export async function checkGemini(client: GoogleGenAI, signal: AbortSignal, fetch: typeof globalThis.fetch): Promise<void> {
  const response = await responseOf(fetch, (observed) =>
    client.models.list({
      config: { pageSize: 1, abortSignal: signal, httpOptions: { fetch: observed, retryOptions: { attempts: 1 } } },
    }),
  );
  await discardBody(response);
}
