// What is found out about a turn once and stays known as long as the turn does: a turn never changes.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { ledgerValues } from "@nocp/text/ledger/ledger-values.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { KeptMessage } from "./message-importance.ts";
import { countMessages, promptMessagesOf } from "./session-messages.ts";

export interface TurnFacts {
  /** The messages that say something, each read for values. */
  messagesOf(turns: readonly SessionTurn[]): KeptMessage[];
  /** Tokens of the turns as messages of a prompt. */
  tokensOf(turns: readonly SessionTurn[], counter: TokenCounter): number;
}

export function createTurnFacts(): TurnFacts {
  const messages = new WeakMap<SessionTurn, readonly KeptMessage[]>();
  const tokens = new WeakMap<SessionTurn, Map<string, number>>();
  const countOf = (turn: SessionTurn, counter: TokenCounter): number => {
    const count = () => countMessages(counter, promptMessagesOf([turn]));
    // A calibrated count changes with the model and with what is learned about it.
    if (counter.accuracy !== "exact") return count();
    const known = tokens.get(turn) ?? new Map<string, number>();
    tokens.set(turn, known);
    const found = known.get(counter.encoding) ?? count();
    known.set(counter.encoding, found);
    return found;
  };
  return {
    messagesOf: (turns) =>
      turns.flatMap((turn) => {
        const found = messages.get(turn) ?? readMessages(turn);
        messages.set(turn, found);
        return found;
      }),
    tokensOf: (turns, counter) => turns.reduce((sum, turn) => sum + countOf(turn, counter), 0),
  };
}

const readMessages = ({ number, messages }: SessionTurn): KeptMessage[] =>
  messages
    .filter(({ text }) => text.trim() !== "")
    .map((message) => ({ turn: number, message, values: ledgerValues(message.text) }));
