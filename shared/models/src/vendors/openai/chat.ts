// A completion through Chat Completions.
import type { OpenAI } from "openai/client";
import { invalidResponse } from "../../answers/read-answer.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { completionOfChat, readChatAnswer } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";
import { readChatStream } from "./chat-stream.ts";

export async function completeByChat(
  client: OpenAI,
  table: CapabilityTable,
  call: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, call.model);
  const prompt = wirePrompt(call, capabilities);
  const body = chatRequest(call, prompt, capabilities);
  const { onDelta } = call;
  if (!onDelta) {
    const response = await client.chat.completions.create({ ...body, stream: false }, { signal });
    return completionOfChat(readChatAnswer(response), prompt);
  }
  const streamed = { ...body, stream: true, stream_options: { include_usage: true } } as const;
  const stream = await client.chat.completions.create(streamed, { signal });
  if (typeof stream[Symbol.asyncIterator] !== "function") throw invalidResponse("it is no stream");
  return completionOfChat(await readChatStream(stream, call.model, onDelta), prompt);
}
