// Learning how many tokens a model bills for each one counted, where its vendor publishes no tokenizer.
import { type Prompt, promptMessages } from "@nocp/contracts/prompt.ts";
import { remembered } from "@nocp/contracts/remembered.ts";
import { z } from "zod";

/**
 * What a prompt holds beside its messages. Vendors wrap tools and schemas in text of their own that nobody can count, so that
 * their bills say nothing about a plain prompt: each shape has its own factor.
 */
export const promptShapes = ["plain", "schema", "tools", "tools-and-schema"] as const;
export type PromptShape = (typeof promptShapes)[number];

export function shapeOf(hasTools: boolean, hasSchema: boolean): PromptShape {
  if (hasTools) return hasSchema ? "tools-and-schema" : "tools";
  return hasSchema ? "schema" : "plain";
}

/** Whether a bill says something about the counter: images and opaque reasoning are estimated, whatever their model. */
export const isCountable = (prompt: Prompt): boolean =>
  promptMessages(prompt).every(({ parts = [], reasoning = [] }) => parts.length === 0 && reasoning.length === 0);

/** What is known of one model and one shape. */
export const calibrationSchema = z.object({
  factor: z.number().positive().describe("Billed tokens for each token of the encoding that counts."),
  samples: z.int().nonnegative().describe("Observations that went into it."),
});
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;

/** Where calibrations are kept, one record for each model and shape. */
export const calibrationBucket = "calibrations";

/** A model's name without its provider, in characters that a key may have. */
export const calibratedName = remembered(
  (model) =>
    model
      .toLowerCase()
      .replace(/^.*\//, "")
      .replace(/[^a-z0-9_-]/g, "_") || "_",
  1_000,
);

/** The key of a record. Names hold no dot, so no model's key is another's. */
export const calibrationKey = (model: string, shape: PromptShape): string =>
  shape === "plain" ? calibratedName(model) : `${calibratedName(model)}.${shape}`;

/** Overheads that no text explains weigh too much below this. */
const minCountedTokens = 100;
/** The weight of the newest observation never falls below this, so that a model's new tokenizer is noticed. */
const minWeight = 0.05;
/** One absurd bill (a proxy's, an attachment's) must not ruin the counts. */
const maxStep = 1.5;
const minFactor = 0.4;
const maxFactor = 3;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * The calibration after one more bill: an exponentially weighted mean of billed over counted tokens, which trusts the
 * first observations most.
 * @param countedTokens what the counter said of the whole prompt under `calibration`.
 * @param billedTokens input tokens of the usage that the provider returned.
 */
export function calibrationAfter(calibration: Calibration, countedTokens: number, billedTokens: number): Calibration {
  if (!(countedTokens >= minCountedTokens && billedTokens > 0 && Number.isFinite(billedTokens))) return calibration;
  const ratio = clamp(billedTokens / countedTokens, 1 / maxStep, maxStep);
  const weight = Math.max(minWeight, 1 / (calibration.samples + 2));
  const factor = calibration.factor * (1 + weight * (ratio - 1));
  return { factor: clamp(factor, minFactor, maxFactor), samples: calibration.samples + 1 };
}
