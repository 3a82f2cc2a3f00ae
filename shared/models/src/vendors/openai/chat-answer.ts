// An answer of Chat Completions. What is not read may differ from server to server.
import { z } from "zod";
import { listOf, optional, optionalText } from "../../answers/lenient.ts";
import { contentFiltered, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { joinReasoning } from "../../answers/reasoning-text.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { splitThinking, type WrittenAnswer } from "../../answers/split-thinking.ts";
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

interface Alternative {
  readonly text: string;
  readonly finishReason: string | null;
}

/** The answer in one form, whole or put together from a stream. */
export interface ChatAnswer {
  model: string;
  /** How the text was taken apart as it came, or is to be. */
  thinking: Pick<WrittenAnswer, "isOpen" | "isShown">;
  text: string;
  reasoning: string;
  refusal: string;
  finishReason: string | null;
  toolCalls: { id: string; name: string; arguments: unknown }[];
  usage: ReportedUsage | null;
  alternatives: Alternative[];
}

export const emptyAnswer = (model: string): ChatAnswer => ({
  model,
  thinking: { isOpen: false, isShown: false },
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
 * @param opensThinking whether the model's chat template opens the reasoning.
 * @throws NocpError PROVIDER_INVALID_RESPONSE; the error that the body is.
 */
export function readChatAnswer(
  body: unknown,
  asked: string,
  progress?: CallProgress,
  opensThinking: boolean = false,
): ChatAnswer {
  const billed = billedSchema.safeParse(body).data;
  if (billed && progress) noteProgress(progress, billed);
  throwReportedFailure(body);
  const { model, choices, usage } = parseResponse(completionSchema, body);
  const [choice, ...others] = choices;
  throwReportedFailure({ error: choice?.error });
  const { message, finish_reason } = choice!;
  const texts = textsOf(message);
  return {
    ...emptyAnswer(model || asked),
    ...texts,
    thinking: { isOpen: isOpenBehind(texts.reasoning, opensThinking), isShown: false },
    refusal: message.refusal ?? "",
    finishReason: finish_reason ?? "stop",
    toolCalls: (message.tool_calls ?? []).map(filledIn),
    usage: reportedByChat(usage),
    alternatives: others.map((other) => ({
      text: textsOf(other.message).text,
      finishReason: other.finish_reason ?? "stop",
    })),
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

/** A server that has shown reasoning apart leaves none in the text. */
export const isOpenBehind = (reasoning: string, opensThinking: boolean): boolean => opensThinking && reasoning === "";

const filtered = "content_filter";
const lengthReasons = new Set(["length", "max_tokens", "model_length"]);
/** The server gave up; DeepSeek names it so, OpenRouter passes on the upstream's failure. */
const failures = new Set(["error", "insufficient_system_resource"]);

/** Whether the model ended by itself, and with a text. */
export const isFinished = ({ finishReason, toolCalls = [] }: Alternative & Partial<Pick<ChatAnswer, "toolCalls">>): boolean =>
  finishReason !== null && toolCalls.length === 0 && !endedOtherwise(finishReason);

const endedOtherwise = (reason: string): boolean =>
  reason === "tool_calls" || reason === filtered || lengthReasons.has(reason) || failures.has(reason);

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE; an error that says the server gave up. */
export function completionOfChat(answer: ChatAnswer, { messages, names }: WirePrompt): ProviderCompletion {
  const reason = answer.finishReason ?? "stop";
  if (reason === filtered) throw contentFiltered(reason);
  if (failures.has(reason)) throw Object.assign(new Error("the server gave up"), { code: "server_error" });
  const toolRequests = answer.toolCalls.filter(Boolean).map((toolCall, index) => ({
    id: toolCall.id || nextToolRequestId(messages, index),
    name: names.fromVendor(toolCall.name),
    arguments: parseToolArguments(toolCall.arguments, lengthReasons.has(reason)),
  }));
  const { text, reasoning } = splitThinking(answer.text, { ...answer.thinking, isFinished: isFinished(answer) });
  const finishReason = () => {
    // Some servers say `stop` here.
    if (toolRequests.length > 0) return "tool-calls";
    if (answer.refusal !== "" && text === "") return "content-filter";
    if (lengthReasons.has(reason)) return "length";
    return reason === "stop" ? "stop" : "unknown";
  };
  const thought = joinReasoning([answer.reasoning, reasoning]);
  const alternatives = answer.alternatives.map((other) => textOfAlternative(other, answer.thinking.isOpen));
  return {
    text: text === "" ? answer.refusal : text,
    ...(thought === "" ? {} : { reasoning: thought }),
    finishReason: finishReason(),
    usage: answer.usage,
    model: answer.model,
    toolRequests,
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/** Nobody is shown an alternative before it is complete. */
const textOfAlternative = (other: Alternative, isOpen: boolean): string =>
  splitThinking(other.text, { isOpen, isFinished: isFinished(other), isShown: false }).text;
