// The context of a request as items: what can be compressed, and what stays as it is.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { ToolResult, ToolsCompleted } from "@nocp/contracts/messages.ts";
import { type ConversationMessage, questionOf } from "@nocp/contracts/request.ts";

export interface CollectedContext {
  readonly question: string;
  /** Texts of the caller's system messages. */
  readonly instructions: readonly string[];
  /** Documents, then results of the tools that the request named. */
  readonly sources: readonly ContextItem[];
  /** One line for each tool that failed, so that the answer can be honest about it. */
  readonly failures: readonly string[];
  /** Messages that may be compressed, oldest first, with their items. */
  readonly earlier: readonly { readonly message: ConversationMessage; readonly item: ContextItem }[];
  /** Messages at the end, to be sent verbatim. */
  readonly recent: readonly ConversationMessage[];
  /** Results of the model's own calls, round by round, as items; undefined for one that failed. */
  readonly roundItems: readonly (readonly (ContextItem | undefined)[])[];
}

/** @param lastMessages how many messages before the question are never compressed. */
export function collectContext(message: ToolsCompleted, lastMessages: number): CollectedContext {
  const { request, toolResults, toolRounds } = message;
  const conversation = withoutQuestion(request).filter(({ role }) => role !== "system");
  const cut = Math.max(0, conversation.length - lastMessages);
  return {
    question: questionOf(request),
    instructions: request.messages.filter(({ role }) => role === "system").map(({ text }) => text),
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
    roundItems: toolRounds.map(({ results }, round) =>
      results.map((result) => toolItem(result, `round-${round + 1}:${result.id}`, round + 1)),
    ),
  };
}

/** `orders.search: failed: TOOL_TIMEOUT: …` */
export const failureLine = ({ name, error }: ToolResult): string =>
  `${name}: failed: ${error === undefined ? "no reason given" : `${error.code}: ${error.message}`}`;

/** A question that is the last message of the user is not part of the conversation before it. */
function withoutQuestion({ query, messages }: ToolsCompleted["request"]): readonly ConversationMessage[] {
  if (query !== undefined) return messages;
  const asked = messages.findLastIndex(({ role }) => role === "user");
  return asked < 0 ? messages.slice(0, -1) : messages.toSpliced(asked, 1);
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
