// What is found out about a turn once and stays known as long as the turn does: a turn never changes.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { type LedgerValue, ledgerValues } from "@nocp/text/ledger/ledger-values.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { KeptMessage } from "./message-importance.ts";
import { countMessages, promptMessagesOf } from "./session-messages.ts";

export interface TurnFacts {
  /** The messages that say something, each read for values. */
  messagesOf(turns: readonly SessionTurn[]): KeptMessage[];
  /** Tokens of the turns as messages of a prompt. */
  tokensOf(turns: readonly SessionTurn[], counter: TokenCounter): number;
  /** Those of which the tokens or the messages are not known. */
  unknownOf(turns: readonly SessionTurn[], counter: TokenCounter): readonly SessionTurn[];
  /** What was found out elsewhere. @param readings one for each turn. */
  learn(turns: readonly SessionTurn[], counter: TokenCounter, readings: readonly TurnReading[]): void;
}

/** What reading a turn finds. */
export interface TurnReading {
  readonly tokens: number;
  /** Of each message that says something. */
  readonly values: readonly (readonly LedgerValue[])[];
}

interface CountedTokens {
  /** A calibrated count changes with the model and with what is learned about it. */
  readonly factor: number;
  readonly tokens: number;
}

export function createTurnFacts(): TurnFacts {
  const messages = new WeakMap<SessionTurn, readonly KeptMessage[]>();
  const tokens = new WeakMap<SessionTurn, Map<string, CountedTokens>>();
  const countedOf = (turn: SessionTurn, counter: TokenCounter): number | undefined => {
    const found = tokens.get(turn)?.get(keyOf(counter));
    return found?.factor === factorOf(counter) ? found.tokens : undefined;
  };
  const keepCount = (turn: SessionTurn, counter: TokenCounter, count: number): number => {
    const known = tokens.get(turn) ?? new Map<string, CountedTokens>();
    tokens.set(turn, known.set(keyOf(counter), { factor: factorOf(counter), tokens: count }));
    return count;
  };
  return {
    messagesOf: (turns) =>
      turns.flatMap((turn) => {
        const found = messages.get(turn) ?? keptMessages(turn, valuesOf(turn));
        messages.set(turn, found);
        return found;
      }),
    tokensOf: (turns, counter) =>
      turns.reduce((sum, turn) => sum + (countedOf(turn, counter) ?? keepCount(turn, counter, countTurn(turn, counter))), 0),
    unknownOf: (turns, counter) => turns.filter((turn) => !messages.has(turn) || countedOf(turn, counter) === undefined),
    learn: (turns, counter, readings) =>
      readings.forEach((reading, at) => {
        const turn = turns[at] as SessionTurn;
        keepCount(turn, counter, reading.tokens);
        messages.set(turn, keptMessages(turn, reading.values));
      }),
  };
}

/** Pure: the same in any thread. */
export const readTurns = (turns: readonly SessionTurn[], counter: TokenCounter): TurnReading[] =>
  turns.map((turn) => ({ tokens: countTurn(turn, counter), values: valuesOf(turn) }));

/** Counters of one encoding, exact ones and calibrated ones. */
const keyOf = ({ encoding, accuracy }: TokenCounter): string => `${encoding} ${accuracy}`;
const factorOf = (counter: TokenCounter): number => counter.factor?.() ?? 1;

const countTurn = (turn: SessionTurn, counter: TokenCounter): number => countMessages(counter, promptMessagesOf([turn]));

const saying = ({ messages }: SessionTurn) => messages.filter(({ text }) => text.trim() !== "");
const valuesOf = (turn: SessionTurn): LedgerValue[][] => saying(turn).map(({ text }) => ledgerValues(text));

const keptMessages = (turn: SessionTurn, values: TurnReading["values"]): KeptMessage[] =>
  saying(turn).map((message, at) => ({ turn: turn.number, message, values: values[at] ?? [] }));
