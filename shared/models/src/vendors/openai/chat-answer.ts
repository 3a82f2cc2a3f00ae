// An answer of Chat Completions. What is not read may differ from server to server.
import { z } from "zod";
import { listOf, optional, optionalText } from "../../answers/lenient.ts";
import { contentFiltered, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { joinReasoning } from "../../answers/reasoning-text.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { splitThinking } from "../../answers/split-thinking.ts";
import { nextToolRequestId } from "../../prompts/well-formed-messages.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCompletion } from "../../provider.ts";
import { type CallProgress, noteIdentity, type ReportedUsage } from "../../reported-usage.ts";
import { chatUsageSchema, reportedByChat } from "./chat-usage.ts";

/** Mistral's reasoning models send parts: text, and thinking with parts of its own (docs.mistral.ai/capabilities/reasoning). */
const partSchema = z.object({
  type: optionalText,
  text: optionalText,
  thinking: optional(z.union([z.string(), z.array(z.object({ text: optionalText }))])),
});
const contentSchema = optional(z.union([z.string(), z.array(partSchema)]));

export const toolCallSchema = z.object({
  id: optionalText,
  index: optional(z.int().nonnegative()),
  function: optional(z.object({ name: optionalText, arguments: z.unknown().optional() })),
});
/** A whole message, or the delta of one. */
export const messageSchema = z.object({
  content: contentSchema,
  refusal: optionalText,
  /** DeepSeek, xAI and older vLLM; the newer name is of vLLM, Groq, Ollama and OpenRouter. */
  reasoning_content: optionalText,
  reasoning: optionalText,
  tool_calls: optional(z.array(toolCallSchema)),
});
type Message = z.infer<typeof messageSchema>;

const choiceSchema = z.object({ message: messageSchema, finish_reason: optionalText, error: z.unknown().optional() });
const completionSchema = z.object({
  model: optionalText,
  choices: z.array(choiceSchema).min(1),
  usage: optional(chatUsageSchema),
});
/** Read before the rest: it is billed whatever becomes of the answer. */
const billedSchema = z.object({
  id: optionalText,
  model: optionalText,
  usage: optional(chatUsageSchema),
  choices: listOf(choiceSchema),
});

/** The answer in one form, whole or put together from a stream. */
export interface ChatAnswer {
  model: string;
  text: string;
  reasoning: string;
  refusal: string;
  finishReason: string | null;
  toolCalls: { id: string; name: string; arguments: unknown }[];
  usage: ReportedUsage | null;
  alternatives: string[];
}

export const emptyAnswer = (model: string): ChatAnswer => ({
  model,
  text: "",
  reasoning: "",
  refusal: "",
  finishReason: null,
  toolCalls: [],
  usage: null,
  alternatives: [],
});

/**
 * @param asked the model that was asked, for an answer that names none.
 * @throws NocpError PROVIDER_INVALID_RESPONSE; the error that the body is.
 */
export function readChatAnswer(body: unknown, asked: string, progress?: CallProgress): ChatAnswer {
  const billed = billedSchema.safeParse(body).data;
  if (billed && progress) noteProgress(progress, billed);
  throwReportedFailure(body);
  const { model, choices, usage } = parseResponse(completionSchema, body);
  const [choice, ...others] = choices;
  throwReportedFailure({ error: choice?.error });
  const { message, finish_reason } = choice!;
  return {
    ...emptyAnswer(model || asked),
    ...textsOf(message),
    refusal: message.refusal ?? "",
    finishReason: finish_reason ?? "stop",
    toolCalls: (message.tool_calls ?? []).map(filledIn),
    usage: reportedByChat(usage),
    alternatives: others.map((other) => splitThinking(textsOf(other.message).text).text),
  };
}

function noteProgress(progress: CallProgress, { id, model, usage, choices }: z.infer<typeof billedSchema>): void {
  progress.answered = true;
  noteIdentity(progress, { id, model });
  progress.usage = reportedByChat(usage);
  progress.output = (choices ?? []).map(({ message }) => outputOf(message)).join("");
}

/** Everything in a message that the model wrote. */
export function outputOf(message: Message): string {
  const { text, reasoning } = textsOf(message);
  const calls = (message.tool_calls ?? []).map(filledIn).map((call) => call.name + argumentsText(call.arguments));
  return reasoning + text + (message.refusal ?? "") + calls.join("");
}

export const argumentsText = (sent: unknown): string =>
  typeof sent === "string" ? sent : sent === null || sent === undefined ? "" : JSON.stringify(sent);

/** What a message says, and what it thinks, where the server keeps them apart. */
export function textsOf({ content, reasoning_content, reasoning }: Message): { text: string; reasoning: string } {
  const parts = typeof content === "string" ? [{ text: content }] : (content ?? []);
  const thinking = parts.map((part) => ("thinking" in part ? thinkingText(part.thinking) : ""));
  return { text: joined(parts), reasoning: (reasoning_content || reasoning || "") + thinking.join("") };
}

const joined = (parts: readonly { readonly text?: string | null | undefined }[]): string =>
  parts.map(({ text }) => text ?? "").join("");

const thinkingText = (thinking: z.infer<typeof partSchema>["thinking"]): string =>
  typeof thinking === "string" ? thinking : joined(thinking ?? []);

export const filledIn = (toolCall: z.infer<typeof toolCallSchema>): ChatAnswer["toolCalls"][number] => ({
  id: toolCall.id ?? "",
  name: toolCall.function?.name ?? "",
  arguments: toolCall.function?.arguments ?? "",
});

const lengthReasons = new Set(["length", "max_tokens", "model_length"]);
/** The server gave up; DeepSeek names it so, OpenRouter passes on the upstream's failure. */
const failures = new Set(["error", "insufficient_system_resource"]);

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE; an error that says the server gave up. */
export function completionOfChat(answer: ChatAnswer, { messages, names }: WirePrompt): ProviderCompletion {
  const reason = answer.finishReason ?? "stop";
  if (reason === "content_filter") throw contentFiltered(reason);
  if (failures.has(reason)) throw Object.assign(new Error("the server gave up"), { code: "server_error" });
  const toolRequests = answer.toolCalls.filter(Boolean).map((toolCall, index) => ({
    id: toolCall.id || nextToolRequestId(messages, index),
    name: names.fromVendor(toolCall.name),
    arguments: parseToolArguments(toolCall.arguments),
  }));
  const { text, reasoning } = splitThinking(answer.text);
  const finishReason = () => {
    // Some servers say `stop` here.
    if (toolRequests.length > 0) return "tool-calls";
    if (answer.refusal !== "" && text === "") return "content-filter";
    if (lengthReasons.has(reason)) return "length";
    return reason === "stop" ? "stop" : "unknown";
  };
  const thought = joinReasoning([answer.reasoning, reasoning]);
  return {
    text: text === "" ? answer.refusal : text,
    ...(thought === "" ? {} : { reasoning: thought }),
    finishReason: finishReason(),
    usage: answer.usage,
    model: answer.model,
    toolRequests,
    ...(answer.alternatives.length === 0 ? {} : { alternatives: answer.alternatives }),
  };
}
