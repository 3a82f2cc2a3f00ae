// A completion through OpenAI's Responses API.
import type { OpenAI } from "openai/client";
import { isEventStream, noteHeaders, readEvents, readJson } from "../../answers/answer-body.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import { fitCall } from "../../fit-call.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { readResponse } from "./responses-answer.ts";
import { responsesRequest } from "./responses-request.ts";
import { readResponsesStream } from "./responses-stream.ts";

export async function completeByResponses(
  client: OpenAI,
  table: CapabilityTable,
  asked: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, asked.model);
  const { call, warnings } = fitCall(asked, capabilities, "openai");
  const prompt = wirePrompt(call, capabilities);
  const body = responsesRequest(call, prompt, capabilities);
  const streaming = call.onDelta === undefined ? {} : { stream: true };
  const response = await client.responses.create({ ...body, ...streaming }, { signal }).asResponse();
  noteHeaders(response, call.progress);
  if (call.onDelta && isEventStream(response)) {
    return { ...(await readResponsesStream(readEvents(response, call.progress), prompt.names, call)), warnings };
  }
  const completion = readResponse(await readJson(response), prompt.names, call.model, call.progress);
  call.onDelta?.(completion.text);
  return { ...completion, warnings };
}
