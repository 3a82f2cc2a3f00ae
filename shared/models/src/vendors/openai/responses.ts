// A completion through OpenAI's Responses API.
import type { ResponseCreateParamsBase } from "openai/resources/responses/responses";
import { isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { showWhole } from "../../answers/show-whole.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { isSentAsWritten, nativeBody } from "../../native-body.ts";
import { promptAsWritten, wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { isOpenBehind } from "./chat-answer.ts";
import type { OpenAiClient } from "./client.ts";
import { readResponse } from "./responses-answer.ts";
import { responsesRequest } from "./responses-request.ts";
import { readResponsesStream } from "./responses-stream.ts";

const api = "openai-responses";

export async function completeByResponses(
  client: OpenAiClient,
  table: CapabilityTable,
  asked: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, asked.model);
  const { call, warnings } = isSentAsWritten(asked, api) ? { call: asked, warnings: [] } : fitCall(asked, capabilities, "openai");
  const prompt = isSentAsWritten(asked, api) ? promptAsWritten(call) : wirePrompt(call, capabilities);
  const written = nativeBody(call, api, () => responsesRequest(call, prompt, capabilities));
  // Nothing is stored there: without its encrypted form, reasoning could not be sent back.
  const body = capabilities.parts.reasoningItems === "sent" ? { ...written, include: withReasoning(written.include) } : written;
  const { opensThinking } = capabilities.dialect;
  const streaming = call.onDelta === undefined ? {} : { stream: true };
  const response = await client.post("/responses", { ...body, ...streaming }, signal);
  noteHeaders(response, call.progress);
  if (call.onDelta && isEventStream(response)) {
    const events = readEvents(response, call.progress);
    return { ...(await readResponsesStream(events, prompt.names, call, opensThinking)), warnings };
  }
  const thinking = (apart: string) => ({ isOpen: isOpenBehind(apart, opensThinking), isShown: false });
  const completion = readResponse(await readJson(response), prompt.names, call.model, call.progress, thinking);
  showWhole(completion, call);
  return { ...completion, warnings };
}

const encryptedReasoning = "reasoning.encrypted_content" as const;
const withReasoning = (include: ResponseCreateParamsBase["include"]) => [
  ...(include ?? []).filter((name) => name !== encryptedReasoning),
  encryptedReasoning,
];
