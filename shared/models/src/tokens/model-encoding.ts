// Which encoding counts a model's tokens, and how well.
import type { EncodingName } from "@nocp/text/tokens/vocabulary.ts";

export interface ModelEncoding {
  readonly encoding: EncodingName;
  readonly accuracy: "exact" | "calibrated";
  /** Tokens of the model for each token of the encoding, before anything was learned; 1 when exact. */
  readonly startingFactor: number;
}

export const exactly = (encoding: EncodingName): ModelEncoding => ({ encoding, accuracy: "exact", startingFactor: 1 });

/** By o200k_base, corrected by what is learned from bills. */
export const calibrated = (startingFactor: number): ModelEncoding => ({
  encoding: "o200k_base",
  accuracy: "calibrated",
  startingFactor,
});
