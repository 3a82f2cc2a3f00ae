// Learning how many tokens a model bills for each one counted, where its vendor publishes no tokenizer.
import { z } from "zod";

/** What is known of one model. */
export const calibrationSchema = z.object({
  factor: z.number().positive().describe("Billed tokens for each token of the encoding that counts."),
  samples: z.int().nonnegative().describe("Observations that went into it."),
});
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;

/** Where calibrations are kept, one record a model. */
export const calibrationBucket = "calibrations";

/** The key of a model's record: its name without its provider, in characters that a key may have. */
export const calibrationKey = (model: string): string =>
  model
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/[^a-z0-9_-]/g, "_") || "_";

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
