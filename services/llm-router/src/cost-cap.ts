// Keeps a completion under the caller's limits.maxCostUsd: by a smaller answer where that is enough, else by refusing.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export interface CostCap {
  readonly maxCostUsd: number | undefined;
  /** What earlier calls of the request cost, or may have cost at most. */
  readonly spentUsd: number;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** An answer shorter than this is none. */
export const smallestAnswerTokens = 64;

const unpricedAdvice =
  "Choose a model of a known price, send no cap, or set providers.openai-compatible.inputUsdPerMillion and outputUsdPerMillion (0 for a server that costs nothing).";

/**
 * Tokens the answer may have, so that prompt and answer together stay under the cap.
 * @param price of so many input and output tokens in US dollars, uncached; `null` when unknown.
 * @throws NocpError COST_CAP_EXCEEDED when the prompt alone, or with the shortest answer, costs more, or nobody knows what it costs.
 */
export function affordableOutputTokens(
  cap: CostCap,
  price: (inputTokens: number, outputTokens: number) => number | null,
  candidate: string,
): number {
  if (cap.maxCostUsd === undefined) return cap.maxOutputTokens;
  const left = cap.maxCostUsd - cap.spentUsd;
  const whole = price(cap.inputTokens, cap.maxOutputTokens);
  if (whole === null) {
    throw new NocpError("COST_CAP_EXCEEDED", `the price of ${candidate} is unknown; limits.maxCostUsd is ${cap.maxCostUsd}`, {
      advice: unpricedAdvice,
    });
  }
  if (whole === 0 || whole <= left) return cap.maxOutputTokens;
  const input = price(cap.inputTokens, 0) ?? 0;
  const affordable = Math.floor(((left - input) / (whole - input)) * cap.maxOutputTokens);
  const smallest = Math.min(smallestAnswerTokens, cap.maxOutputTokens);
  if (affordable >= smallest) return affordable;
  const needed = input + ((whole - input) * smallest) / cap.maxOutputTokens + cap.spentUsd;
  throw new NocpError(
    "COST_CAP_EXCEEDED",
    `${candidate} would cost at least $${needed.toFixed(6)} for ${cap.inputTokens} input tokens and a short answer; limits.maxCostUsd is ${cap.maxCostUsd}`,
  );
}
