// Counting tokens of a model: the contract.

export interface TokenCounter {
  /** Name of the encoding, e.g. `o200k_base`. */
  readonly encoding: string;
  /** `exact` for OpenAI encodings, `calibrated` where the vendor publishes no tokenizer. */
  readonly accuracy: "exact" | "calibrated";
  /** Tokens of a text. Linear in its length, whatever it holds. */
  count(text: string): number;
  /** What a count is multiplied by at this moment: 1 where it is exact, or was never learned. */
  factor?(): number;
}

/** Tokens of texts, all together. */
export const countTexts = (texts: readonly string[], counter: TokenCounter): number =>
  texts.reduce((sum, text) => sum + counter.count(text), 0);
