// A completion through OpenAI's Responses API.
import type { OpenAI } from "openai/client";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { brokenStream, invalidResponse } from "../../answers/read-answer.ts";
import { type CapabilityTable, capabilitiesOf } from "../../capabilities.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { failedResponse, readResponse } from "./responses-answer.ts";
import { responsesRequest } from "./responses-request.ts";

export async function completeByResponses(
  client: OpenAI,
  table: CapabilityTable,
  call: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderCompletion> {
  const capabilities = capabilitiesOf(table, call.model);
  const prompt = wirePrompt(call, capabilities);
  const body = responsesRequest(call, prompt, capabilities);
  const { onDelta } = call;
  if (!onDelta) return readResponse(await client.responses.create({ ...body, stream: false }, { signal }), prompt.names);
  const stream = await client.responses.create({ ...body, stream: true }, { signal });
  if (typeof stream[Symbol.asyncIterator] !== "function") throw invalidResponse("it is no stream");
  return readResponsesStream(stream, prompt.names, onDelta);
}

/** The last event has the whole response; those before it show the text as it comes. */
async function readResponsesStream(
  stream: AsyncIterable<ResponseStreamEvent>,
  names: ToolNames,
  onDelta: (text: string) => void,
): Promise<ProviderCompletion> {
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") onDelta(event.delta);
    else if (event.type === "response.completed" || event.type === "response.incomplete" || event.type === "response.failed") {
      return readResponse(event.response, names);
    } else if (event.type === "error") throw failedResponse(event);
  }
  throw brokenStream();
}
