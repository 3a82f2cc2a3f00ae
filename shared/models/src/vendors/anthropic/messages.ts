// A completion through Anthropic's Messages API.
import { Anthropic } from "@anthropic-ai/sdk/client";
import { discardBody, isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { showWhole } from "../../answers/show-whole.ts";
import { capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { isSentAsWritten, nativeBody } from "../../native-body.ts";
import { promptAsWritten, wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { splitBetas } from "./betas.ts";
import { anthropicCapabilities } from "./capabilities.ts";
import { completionOfMessage, readMessage } from "./messages-answer.ts";
import { messagesRequest } from "./messages-request.ts";
import { readMessagesStream } from "./messages-stream.ts";

/** The longest timer there is: waiting is bounded by the signal of the call. */
const neverMs = 2 ** 31 - 1;

export interface AnthropicClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}

export const createAnthropicClient = ({ apiKey, baseUrl, fetch }: AnthropicClientOptions): Anthropic =>
  // Retries, waiting, logging and the environment are not the SDK's business.
  new Anthropic({ apiKey, baseURL: baseUrl, fetch, maxRetries: 0, timeout: neverMs, webhookKey: null, logLevel: "off" });

const api = "anthropic-messages";

export async function completeByMessages(
  client: Anthropic,
  asked: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(anthropicCapabilities, asked.model);
  const { call, warnings } = isSentAsWritten(asked, api)
    ? { call: asked, warnings: [] }
    : fitCall(asked, capabilities, "anthropic");
  const prompt = isSentAsWritten(asked, api) ? promptAsWritten(call) : wirePrompt(call, capabilities);
  const { body, headers } = splitBetas(nativeBody(call, api, () => messagesRequest(call, prompt)));
  const streaming = call.onDelta === undefined ? {} : { stream: true };
  // Not messages.create: it writes to the console what it thinks of the model.
  const sent = { body: { ...body, ...streaming }, headers, signal, timeout: neverMs };
  const response = await client.post("/v1/messages", sent).asResponse();
  noteHeaders(response, call.progress);
  if (call.onDelta && isEventStream(response)) {
    const message = await readMessagesStream(readEvents(response, call.progress), call, prompt.names);
    return { ...completionOfMessage(message, prompt.names, call.model), warnings };
  }
  const completion = completionOfMessage(readMessage(await readJson(response), call.progress), prompt.names, call.model);
  showWhole(completion, call);
  return { ...completion, warnings };
}

/** Asks for the list of models, and reads none of it. */
export async function checkAnthropic(client: Anthropic, signal: AbortSignal): Promise<void> {
  const response = await client.get("/v1/models", { query: { limit: 1 }, signal, timeout: neverMs }).asResponse();
  await discardBody(response);
}
