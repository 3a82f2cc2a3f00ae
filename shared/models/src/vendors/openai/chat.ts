// A completion through Chat Completions.
import type { ChatCompletionCreateParamsBase } from "openai/resources/chat/completions/completions";
import { isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { showWhole } from "../../answers/show-whole.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { isSentAsWritten, nativeBody } from "../../native-body.ts";
import { promptAsWritten, wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { completionOfChat, readChatAnswer } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";
import { readChatStream } from "./chat-stream.ts";
import type { OpenAiClient } from "./client.ts";

const api = "openai-chat";

export async function completeByChat(
  client: OpenAiClient,
  table: CapabilityTable,
  asked: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, asked.model);
  const { call, warnings } = isSentAsWritten(asked, api) ? { call: asked, warnings: [] } : fitCall(asked, capabilities, api);
  const prompt = isSentAsWritten(asked, api) ? promptAsWritten(call) : wirePrompt(call, capabilities);
  const body = nativeBody(call, api, () => chatRequest(call, prompt, capabilities));
  const { opensThinking } = capabilities.dialect;
  const streaming = call.onDelta === undefined ? {} : streamingOf(body);
  const response = await client.post("/chat/completions", { ...body, ...streaming }, signal);
  noteHeaders(response, call.progress);
  if (call.onDelta && isEventStream(response)) {
    const answer = await readChatStream(readEvents(response, call.progress), call, prompt, opensThinking);
    return { ...completionOfChat(answer, prompt), warnings };
  }
  const answer = readChatAnswer(await readJson(response), call.model, call.progress, opensThinking);
  const completion = completionOfChat(answer, prompt);
  showWhole(completion, call);
  return { ...completion, warnings };
}

/** The bill needs the usage, whatever else the caller wants to know of the stream. */
const streamingOf = ({ stream_options }: ChatCompletionCreateParamsBase) => ({
  stream: true as const,
  stream_options: { ...stream_options, include_usage: true },
});
