// Messages of a session as messages of a prompt, and what they take.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { countChat } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { historyMessage } from "../build-prompt.ts";

/** The messages of turns, word for word, oldest first. */
export const promptMessagesOf = (turns: readonly SessionTurn[]): PromptMessage[] =>
  turns.flatMap(({ messages }) => messages.map(historyMessage));

/** Tokens that these messages add to a prompt. */
export const countMessages = (counter: TokenCounter, messages: readonly PromptMessage[]): number =>
  countChat(counter, messages) - countChat(counter, []);
