// The contract of a summarizer: rolls older turns of a conversation up into a bounded text.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { Distiller } from "../model-services.ts";

export interface SummaryInput {
  /** The summary so far, which the new one replaces; empty for the first generation. */
  readonly previous: string;
  /** Turns that the previous summary does not know, in order. */
  readonly turns: readonly SessionTurn[];
  /** Of the new summary, as `counter` counts. */
  readonly maxTokens: number;
  readonly counter: TokenCounter;
  /** A model that may write the summary, metered; undefined when none is configured. */
  readonly distiller?: Distiller | undefined;
  readonly signal: AbortSignal;
}

export interface Summarizer {
  /** @throws anything: the next summarizer then takes over. A summary over `maxTokens` counts as a failure. */
  summarize(input: SummaryInput): Promise<string>;
}
