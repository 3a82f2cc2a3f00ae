// A streamed answer of Chat Completions, put together from its chunks.
import { z } from "zod";
import { optional, optionalText } from "../../answers/lenient.ts";
import { brokenStream } from "../../answers/read-answer.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { createToolCallShow, type ToolCallShow } from "../../answers/show-tool-calls.ts";
import { createThinkingSplitter, type ThinkingSplitter } from "../../answers/split-thinking.ts";
import { nextToolRequestId } from "../../prompts/well-formed-messages.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { AnswerReader, ProviderCall } from "../../provider.ts";
import { noteIdentity, noteUnreadable } from "../../reported-usage.ts";
import {
  argumentsText,
  type ChatAnswer,
  emptyAnswer,
  isFinished,
  isOpenBehind,
  messageSchema,
  outputOf,
  textsOf,
} from "./chat-answer.ts";
import { type CallAssembly, createCallAssembly, type ToolCallPart } from "./chat-calls.ts";
import { chatUsageSchema, reportedByChat } from "./chat-usage.ts";

const chunkSchema = z.object({
  id: optionalText,
  model: optionalText,
  choices: optional(
    z.array(
      z.object({
        index: optional(z.int().nonnegative()),
        delta: optional(messageSchema),
        finish_reason: optionalText,
        error: z.unknown().optional(),
      }),
    ),
  ),
  usage: optional(chatUsageSchema),
  /** Groq reports there what its last chunk has (console.groq.com/docs/api-reference). */
  x_groq: optional(z.object({ usage: optional(chatUsageSchema) })),
});
type Chunk = z.infer<typeof chunkSchema>;
type Choice = NonNullable<Chunk["choices"]>[number];

/**
 * @param opensThinking whether the model's chat template opens the reasoning.
 * @throws NocpError PROVIDER_UNAVAILABLE when the stream ends without a finish reason; the error that an event is.
 */
export async function readChatStream(
  events: AsyncIterable<unknown>,
  call: Pick<ProviderCall, "model" | "progress" | keyof AnswerReader>,
  prompt: Pick<WirePrompt, "messages" | "names">,
  opensThinking: boolean = false,
): Promise<ChatAnswer> {
  const { model, onToolCall, progress } = call;
  const answer = emptyAnswer(model);
  const calls = createToolCallShow(onToolCall);
  const assembly = createCallAssembly(answer.toolCalls);
  const addCall = (piece: ToolCallPart): void => addCallPiece(piece, assembly, answer, calls, prompt);
  const show = createTextShow(answer, call, opensThinking);
  for await (const event of events) {
    throwReportedFailure(event);
    const plain = plainPieceOf(event);
    if (plain !== undefined) {
      answer.model = plain.model || answer.model;
      answer.text += plain.text;
      answer.finishReason = plain.finishReason ?? answer.finishReason;
      if (progress) {
        progress.answered = true;
        progress.output += plain.text;
        noteIdentity(progress, { id: plain.id, model: answer.model });
      }
      show.text(plain.text);
      continue;
    }
    const chunk = chunkSchema.safeParse(event).data;
    if (!chunk) {
      noteUnreadable(progress);
      continue;
    }
    answer.model = chunk.model || answer.model;
    answer.usage = reportedByChat(chunk.usage) ?? reportedByChat(chunk.x_groq?.usage) ?? answer.usage;
    for (const choice of chunk.choices ?? []) {
      const { text, reasoning, refusal } = addChoice(answer, choice, addCall);
      if (progress && choice.delta) progress.output += outputOf(choice.delta);
      show.reasoning(reasoning);
      show.text(text);
      show.refusal(refusal);
    }
    if (!progress) continue;
    Object.assign(progress, { answered: true, usage: answer.usage });
    noteIdentity(progress, { id: chunk.id, model: answer.model });
  }
  show.end();
  if (answer.finishReason === null) throw brokenStream();
  calls.endAll();
  return answer;
}

/** Shows text and reasoning as they come: what the server itself keeps apart, and then what the text has of it. */
function createTextShow(answer: ChatAnswer, { isShown = false, onDelta, onReasoning }: AnswerReader, opensThinking: boolean) {
  let splitter: ThinkingSplitter | undefined;
  const think = (item: number, text: string): void => {
    if (text !== "") onReasoning?.({ item, text });
  };
  const say = (text: string): void => {
    if (text !== "") onDelta?.(text);
  };
  answer.thinking = { isOpen: false, isShown };
  /** When the text begins, it is known whether the server keeps reasoning apart. */
  const begin = (): ThinkingSplitter => {
    const isOpen = isOpenBehind(answer.reasoning, opensThinking);
    answer.thinking = { isOpen, isShown };
    return createThinkingSplitter((piece) => think(1, piece), isOpen);
  };
  return {
    reasoning: (text: string) => think(0, text),
    text(piece: string): void {
      if (piece === "") return;
      splitter ??= begin();
      say(splitter.push(piece));
    },
    refusal: say,
    end: () => say(splitter?.end(isFinished(answer)) ?? ""),
  };
}

/** Adds it to the answer, and shows it. */
function addCallPiece(
  piece: ToolCallPart,
  assembly: CallAssembly,
  { toolCalls }: ChatAnswer,
  show: ToolCallShow,
  { messages, names }: Pick<WirePrompt, "messages" | "names">,
): void {
  const index = assembly.add(piece);
  const { id = "", name = "" } = toolCalls[index] ?? {};
  if (name !== "") show.begin(index, { id: id || nextToolRequestId(messages, index), name: names.fromVendor(name) });
  show.add(index, argumentsText(piece.function?.arguments));
}

type Fields = Readonly<Record<string, unknown>>;

interface PlainPiece {
  /** Empty in a chunk that only ends the answer. */
  readonly text: string;
  /** Of the last piece. */
  readonly finishReason: string | undefined;
  /** Empty where the chunk does not say. */
  readonly model: string;
  readonly id: string;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const isNothing = (value: unknown): boolean => value === undefined || value === null;
/** Fields of a chunk, of its choice and of what that adds, which say more than a piece of text. */
const furtherFields = {
  chunk: ["usage", "x_groq"],
  choice: ["error"],
  delta: ["refusal", "reasoning_content", "reasoning", "tool_calls"],
} as const;
const hasNone = (fields: Fields, names: readonly string[]): boolean => names.every((name) => isNothing(fields[name]));

/**
 * What nearly all chunks are: a piece of the first answer's text, or its end, and nothing else. The schema takes many times as
 * long to say so.
 * @returns undefined for any other chunk, which says more, such as the usage.
 */
function plainPieceOf(event: unknown): PlainPiece | undefined {
  const chunk = event as { readonly choices?: unknown; readonly model?: unknown; readonly id?: unknown } | null;
  if (typeof chunk !== "object" || chunk === null || !Array.isArray(chunk.choices) || chunk.choices.length !== 1)
    return undefined;
  const [choice] = chunk.choices as readonly ({ readonly index?: unknown; readonly delta?: unknown } | null)[];
  if (typeof choice !== "object" || choice === null || !(choice.index === 0 || isNothing(choice.index))) return undefined;
  const { delta, finish_reason } = choice as {
    readonly delta?: { readonly content?: unknown } | null;
    readonly finish_reason?: unknown;
  };
  const finishReason = isNothing(finish_reason) ? undefined : finish_reason;
  if (finishReason !== undefined && typeof finishReason !== "string") return undefined;
  if (typeof delta !== "object" || delta === null || !(typeof delta.content === "string" || isNothing(delta.content)))
    return undefined;
  const saysMore =
    !hasNone(chunk as Fields, furtherFields.chunk) ||
    !hasNone(choice as Fields, furtherFields.choice) ||
    !hasNone(delta as Fields, furtherFields.delta);
  return saysMore ? undefined : { text: textOf(delta.content), finishReason, model: textOf(chunk.model), id: textOf(chunk.id) };
}

/** @returns what is new of the first answer; a refusal is the text of an answer that has none. Nobody is shown the others. */
function addChoice(
  answer: ChatAnswer,
  { index, delta, finish_reason, error }: Choice,
  onCall: (piece: ToolCallPart) => void,
): ReturnType<typeof textsOf> & { readonly refusal: string } {
  throwReportedFailure({ error });
  const texts = delta ? textsOf(delta) : { text: "", reasoning: "" };
  if (index) {
    const before = answer.alternatives[index - 1] ?? { text: "", finishReason: null };
    answer.alternatives[index - 1] = { text: before.text + texts.text, finishReason: finish_reason ?? before.finishReason };
    return { text: "", reasoning: "", refusal: "" };
  }
  answer.finishReason = finish_reason ?? answer.finishReason;
  answer.refusal += delta?.refusal ?? "";
  answer.reasoning += texts.reasoning;
  answer.text += texts.text;
  for (const piece of delta?.tool_calls ?? []) onCall(piece);
  return { ...texts, refusal: answer.text === "" ? (delta?.refusal ?? "") : "" };
}
