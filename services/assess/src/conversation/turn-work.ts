// The work that grows with a conversation.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { extractiveSummarizer } from "./extractive-summarizer.ts";
import { type FitInput, type FittedConversation, fitConversation } from "./fit-conversation.ts";
import type { SummaryInput } from "./summarizer.ts";
import { readTurns, type TurnReading } from "./turn-facts.ts";

export interface TurnWork {
  readTurns(turns: readonly SessionTurn[], counter: TokenCounter, signal: AbortSignal): Promise<readonly TurnReading[]>;
  fitConversation(input: FitInput, signal: AbortSignal): Promise<FittedConversation>;
  /** Without a model. */
  extractSummary(input: SummaryInput): Promise<string>;
}

/** In this thread. */
export const turnWorkHere: TurnWork = {
  readTurns: async (turns, counter) => readTurns(turns, counter),
  fitConversation: async (input) => fitConversation(input),
  extractSummary: extractiveSummarizer.summarize,
};
