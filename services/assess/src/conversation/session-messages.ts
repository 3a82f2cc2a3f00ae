// Messages of a session as messages of a prompt, and what they take.
import { type PromptMessage, sentMessage } from "@nocp/contracts/prompt.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { countChat } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { historyMessage } from "../build-prompt.ts";

/** The messages of turns, word for word, oldest first. */
export const promptMessagesOf = (turns: readonly SessionTurn[]): PromptMessage[] =>
  turns.flatMap(({ messages }) => messages.map(historyMessage));

/** Marks differ by session, and hardly in their tokens. */
const markOfUsualLength = "0123456789ab";

/** Tokens that these messages add to a prompt. */
export const countMessages = (counter: TokenCounter, messages: readonly PromptMessage[]): number => {
  const sent = messages.map((message) => sentMessage(message, markOfUsualLength));
  return countChat(counter, sent) - countChat(counter, []);
};
