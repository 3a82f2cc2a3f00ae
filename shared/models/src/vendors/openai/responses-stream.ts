// A streamed answer of OpenAI's Responses API: its last event has the whole response.
import { z } from "zod";
import { optionalText } from "../../answers/lenient.ts";
import { brokenStream } from "../../answers/read-answer.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { createThinkingSplitter } from "../../answers/split-thinking.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { readResponse } from "./responses-answer.ts";

const eventSchema = z.object({ type: optionalText, delta: z.unknown().optional(), response: z.unknown().optional() });

const lastEvents = new Set(["response.completed", "response.incomplete", "response.failed"]);
/** Deltas of what the model writes: text, refusal, reasoning, arguments. */
const written =
  /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text|function_call_arguments|custom_tool_call_input)\.delta$/;

/** Billed also where the stream breaks off after it. */
const isSearchEvent = /^response\.web_search_call\./;

/** @throws NocpError PROVIDER_UNAVAILABLE when the stream ends before its last event; the error that an event is. */
export async function readResponsesStream(
  events: AsyncIterable<unknown>,
  names: ToolNames,
  { model, onDelta, progress }: Pick<ProviderCall, "model" | "onDelta" | "progress">,
): Promise<ProviderCompletion> {
  const shown = createThinkingSplitter();
  const show = (text: string): void => {
    if (text !== "") onDelta?.(text);
  };
  for await (const event of events) {
    const { type, delta, response } = eventSchema.safeParse(event).data ?? {};
    if (type && lastEvents.has(type)) {
      show(shown.end());
      return readResponse(response, names, model, progress);
    }
    throwReportedFailure(event);
    if (progress) progress.answered = true;
    if (progress && type && isSearchEvent.test(type)) progress.hasUnknownCosts = true;
    if (typeof delta !== "string" || !type) continue;
    if (progress && written.test(type)) progress.output += delta;
    // A refusal is the text of an answer that has none.
    if (type === "response.output_text.delta" || type === "response.refusal.delta") show(shown.push(delta));
  }
  throw brokenStream();
}
