// Prompts and answers in the form that OpenTelemetry's GenAI conventions give them (gen-ai-input-messages.json and
// gen-ai-output-messages.json of open-telemetry/semantic-conventions-genai): messages of parts.
import type { ContentPart, PromptMessage, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ProviderCompletion } from "@nocp/models/provider.ts";

type RecordedPart = { readonly type: string } & Readonly<Record<string, unknown>>;

interface RecordedMessage {
  readonly role: string;
  readonly parts: readonly RecordedPart[];
}

const textParts = (content: string): RecordedPart[] => (content === "" ? [] : [{ type: "text", content }]);

const toolCall = ({ id, name, arguments: given }: ToolRequest): RecordedPart => ({
  type: "tool_call",
  id,
  name,
  arguments: given,
});

/** A file is a document to the conventions. */
const modalityOf = (type: "image" | "audio" | "file"): string => (type === "file" ? "document" : type);

function contentPart(part: ContentPart): RecordedPart[] {
  if (part.type === "text") return textParts(part.text);
  const about = { modality: modalityOf(part.type), ...(part.mediaType === undefined ? {} : { mime_type: part.mediaType }) };
  return "data" in part ? [{ type: "blob", ...about, content: part.data }] : [{ type: "uri", ...about, uri: part.url }];
}

export const recordedPrompt = (messages: readonly PromptMessage[]): RecordedMessage[] =>
  messages.map(({ role, text, parts = [], toolRequests = [], toolRequestId }) => ({
    role,
    parts:
      toolRequestId === undefined
        ? [...parts.flatMap(contentPart), ...textParts(text), ...toolRequests.map(toolCall)]
        : [{ type: "tool_call_response", id: toolRequestId, response: text }],
  }));

type Answer = Pick<ProviderCompletion, "text" | "reasoning" | "toolRequests" | "alternatives" | "finishReason">;

/** One message for each answer that the model gave. */
export function recordedAnswers({ text, reasoning = "", toolRequests, alternatives = [], finishReason }: Answer) {
  const thought = reasoning === "" ? [] : [{ type: "reasoning", content: reasoning }];
  const first = [...thought, ...textParts(text), ...toolRequests.map(toolCall)];
  return [first, ...alternatives.map(textParts)].map((parts) => ({
    role: "assistant",
    parts,
    finish_reason: finishReasonOf(finishReason),
  }));
}

/** As the conventions spell it; what they have no word for stays as it is. */
export const finishReasonOf = (reason: ProviderCompletion["finishReason"]): string =>
  ({ "content-filter": "content_filter", "tool-calls": "tool_call" })[reason as string] ?? reason;
