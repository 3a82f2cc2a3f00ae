// The context of a request as items: what can be compressed, and what stays as it is.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { ToolResult, ToolRound, ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { CacheMark, ContentPart } from "@nocp/contracts/prompt.ts";
import { type ConversationMessage, questionOf } from "@nocp/contracts/request.ts";

export interface CollectedContext {
  readonly question: string;
  /** Images and the like that the question is about. */
  readonly questionParts: readonly ContentPart[];
  /** A mark for the vendor's cache after the question. */
  readonly questionCache: CacheMark | undefined;
  /** The caller's system messages. */
  readonly instructions: readonly Pick<ConversationMessage, "text" | "cache">[];
  /** Documents, then results of the tools that the request named. */
  readonly sources: readonly ContextItem[];
  /** One line for each tool that failed, so that the answer can be honest about it. */
  readonly failures: readonly string[];
  /** Messages that may be compressed, oldest first, with their items. */
  readonly earlier: readonly { readonly message: ConversationMessage; readonly item: ContextItem }[];
  /** Messages at the end, to be sent verbatim. */
  readonly recent: readonly ConversationMessage[];
  /** What the model asked for after the question, and what came of it: the caller's rounds, then those of this request. */
  readonly rounds: readonly ToolRound[];
  /** Results of the model's own calls, round by round, as items; undefined for one that failed. */
  readonly roundItems: readonly (readonly (ContextItem | undefined)[])[];
}

/** @param lastMessages how many messages before the question are never compressed. */
export function collectContext(message: ToolsCompleted, lastMessages: number): CollectedContext {
  const { request, toolResults } = message;
  const { question, before, after } = atQuestion(request);
  const rounds = [...callerRounds(after), ...message.toolRounds];
  const conversation = before.filter(({ role }) => role !== "system");
  const cut = Math.max(0, conversation.length - lastMessages);
  return {
    question: questionOf(request),
    questionParts: [...request.parts, ...(question?.parts ?? [])],
    rounds,
    questionCache: question?.cache,
    instructions: request.messages.filter(({ role }) => role === "system"),
    sources: [
      ...request.documents.map(
        (document, at): ContextItem => ({
          kind: "document",
          id: document.id ?? `document-${at + 1}`,
          title: document.title,
          text: document.text,
        }),
      ),
      ...toolResults.flatMap((result) => toolItem(result, result.id) ?? []),
    ],
    failures: toolResults.filter(({ status }) => status === "failed").map(failureLine),
    earlier: conversation.slice(0, cut).map((earlier, at) => ({ message: earlier, item: messageItem(earlier, at) })),
    recent: conversation.slice(cut),
    roundItems: rounds.map(({ results }, round) =>
      results.map((result) => toolItem(result, `round-${round + 1}:${result.id}`, round + 1)),
    ),
  };
}

/** `orders.search: failed: TOOL_TIMEOUT: …` */
export const failureLine = ({ name, error }: ToolResult): string =>
  `${name}: failed: ${error === undefined ? "no reason given" : `${error.code}: ${error.message}`}`;

interface ConversationAtQuestion {
  /** Undefined where `query` asks. */
  readonly question: ConversationMessage | undefined;
  readonly before: readonly ConversationMessage[];
  /** Calls that the model made to answer the question, and their results; empty where nobody called anything. */
  readonly after: readonly ConversationMessage[];
}

/** A question that is the last message of the user is not part of the conversation before it. */
function atQuestion({ query, messages }: ToolsCompleted["request"]): ConversationAtQuestion {
  if (query !== undefined) return { question: undefined, before: messages, after: [] };
  const asked = messages.findLastIndex(({ role }) => role === "user");
  if (asked < 0) return { question: messages.at(-1), before: messages.slice(0, -1), after: [] };
  const rest = messages.slice(asked + 1);
  const question = messages[asked];
  return rest.some(({ toolRequestId }) => toolRequestId !== undefined)
    ? { question, before: messages.slice(0, asked), after: rest }
    : { question, before: messages.toSpliced(asked, 1), after: [] };
}

/** An assistant's message with its calls begins a round; results that follow it belong to the calls they name. */
function callerRounds(messages: readonly ConversationMessage[]): ToolRound[] {
  const rounds: ToolRound[] = [];
  for (const { role, text, name, toolRequests = [], toolRequestId, reasoning, cache } of messages) {
    const mark = cache ? { cache } : {};
    if (role === "assistant") {
      rounds.push({ text, requests: toolRequests, results: [], ...(reasoning ? { reasoning } : {}), ...mark });
    }
    const request = rounds.at(-1)?.requests.find(({ id }) => id === toolRequestId);
    if (role !== "tool" || request === undefined) continue;
    rounds.at(-1)?.results.push({
      id: request.id,
      name: name ?? request.name,
      status: "succeeded",
      data: text,
      bytes: Buffer.byteLength(text),
      elapsedMs: 0,
      attempts: 1,
      cached: false,
      ...mark,
    });
  }
  return rounds;
}

const toolItem = (result: ToolResult, id: string, round?: number): ContextItem | undefined =>
  result.status === "failed"
    ? undefined
    : { kind: "tool", id, name: result.name, data: result.data ?? null, ...(round === undefined ? {} : { round }) };

const messageItem = ({ role, text, at, name }: ConversationMessage, position: number): ContextItem => ({
  kind: "message",
  id: `message-${position + 1}`,
  role: name ?? role,
  text,
  ...(at === undefined ? {} : { at }),
  ...(role === "tool" ? { isToolResult: true } : {}),
});
