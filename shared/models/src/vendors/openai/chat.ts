// A completion through Chat Completions.
import type { OpenAI } from "openai/client";
import { isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { completionOfChat, readChatAnswer } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";
import { readChatStream } from "./chat-stream.ts";

export async function completeByChat(
  client: OpenAI,
  table: CapabilityTable,
  asked: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, asked.model);
  const { call, warnings } = fitCall(asked, capabilities, "openai-chat");
  const prompt = wirePrompt(call, capabilities);
  const body = chatRequest(call, prompt, capabilities);
  const streaming = call.onDelta === undefined ? {} : { stream: true, stream_options: { include_usage: true } };
  const response = await client.chat.completions.create({ ...body, ...streaming }, { signal }).asResponse();
  noteHeaders(response, call.progress);
  if (call.onDelta && isEventStream(response)) {
    return { ...completionOfChat(await readChatStream(readEvents(response, call.progress), call), prompt), warnings };
  }
  const completion = completionOfChat(readChatAnswer(await readJson(response), call.model, call.progress), prompt);
  call.onDelta?.(completion.text);
  return { ...completion, warnings };
}
