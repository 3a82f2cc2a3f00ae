// The token counter of a model.

import { createCountTokens } from "@nocp/text/tokens/count-tokens.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { EncodingName } from "@nocp/text/tokens/vocabulary.ts";
import type { Calibration, PromptShape } from "./calibration.ts";
import { encodingOfModel } from "./encoding-of-model.ts";

/** Vocabularies never change and take a tenth of a second to read: one of each in a process, made on the first count. */
const counts = new Map<EncodingName, (text: string) => number>();

function countTokens(encoding: EncodingName, text: string): number {
  let count = counts.get(encoding);
  if (!count) {
    count = createCountTokens(encoding);
    counts.set(encoding, count);
  }
  return count(text);
}

/** @returns what was learned of a model in prompts of a shape; undefined where nothing was. */
export type CalibrationOf = (model: string, shape: PromptShape) => Calibration | undefined;

/**
 * @param model as in a route, with or without its provider; an unknown one is counted like OpenAI's current models.
 * @param calibrationOf what was learned about a model that is not counted exactly; asked at every count.
 * @param shape of the prompt that is counted; a text by itself is plain.
 */
export function createTokenCounter(model: string, calibrationOf?: CalibrationOf, shape: PromptShape = "plain"): TokenCounter {
  const { encoding, accuracy, startingFactor } = encodingOfModel(model);
  return accuracy === "exact"
    ? exactCounter(encoding)
    : calibratedCounter(encoding, () => calibrationOf?.(model, shape)?.factor ?? startingFactor);
}

const exactCounter = (encoding: EncodingName): TokenCounter => ({
  encoding,
  accuracy: "exact",
  count: (text) => countTokens(encoding, text),
});

/** @param factor asked at every count. */
const calibratedCounter = (encoding: EncodingName, factor: () => number): TokenCounter => ({
  encoding,
  accuracy: "calibrated",
  factor,
  count: (text) => Math.ceil(countTokens(encoding, text) * factor()),
});

/** A counter as it is at this moment; it can be sent to another thread. */
export interface CounterSnapshot {
  readonly encoding: EncodingName;
  /** Undefined where tokens are counted exactly. */
  readonly factor: number | undefined;
}

export const snapshotOf = (counter: TokenCounter): CounterSnapshot => ({
  encoding: counter.encoding as EncodingName,
  factor: counter.factor?.(),
});

export const counterOf = ({ encoding, factor }: CounterSnapshot): TokenCounter =>
  factor === undefined ? exactCounter(encoding) : calibratedCounter(encoding, () => factor);
