import { describe, expect, it } from "vitest";
import type { ProviderAttempt } from "./accounting.ts";
import { billWarnings, committedCost, totalCost } from "./cost-totals.ts";
import { failedResultOf } from "./failed-result.ts";

const usage = {
  inputTokens: 9,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  source: "provider" as const,
};
const call = (costUsd: number | null, more: Partial<ProviderAttempt> = {}): ProviderAttempt => ({
  provider: "openai",
  model: "m",
  outcome: "failed",
  latencyMs: 1,
  costUsd,
  ...more,
});
const lost = call(null, { atMostUsd: 0.5 });
const unpriced = call(null, { usage });
const codes = (attempts: readonly ProviderAttempt[], cap?: number) => billWarnings(attempts, cap).map(({ code }) => code);

describe("the total of a bill", () => {
  it("adds failed calls like others", () => {
    expect(totalCost([call(0.25, { usage }), call(0), call(0.5, { outcome: "succeeded", usage })])).toEqual({ usd: 0.75 });
    expect(totalCost([])).toEqual({ usd: 0 });
  });

  it("is unknown with one unknown part, and has the known part beside it", () => {
    expect(totalCost([call(0.25, { usage }), lost])).toEqual({ usd: null, knownUsd: 0.25 });
  });

  it("holds for a cap what a call may have cost at most", () => {
    expect(committedCost([call(0.25, { usage }), lost, unpriced])).toBe(0.75);
  });
});

describe("the warnings of a bill", () => {
  it("are none for a bill that is exact and within the cap, sums of fractions included", () => {
    expect(codes([call(0.1), call(0.2)], 0.3)).toEqual([]);
    expect(codes([call(0.1), call(0.2)])).toEqual([]);
  });

  it("name a call of unknown cost, and with a cap also a model without a price", () => {
    expect(codes([lost])).toEqual(["COST_PARTLY_UNKNOWN"]);
    expect(codes([unpriced])).toEqual([]);
    expect(codes([unpriced], 1)).toEqual(["COST_PARTLY_UNKNOWN"]);
  });

  it("name a total above the cap", () => {
    expect(codes([call(0.2), call(0.2)], 0.3)).toEqual(["COST_ABOVE_CAP"]);
  });
});

describe("a failed result", () => {
  it("has the whole bill of its calls", () => {
    const result = failedResultOf({
      tenant: "default",
      requestId: "r",
      lane: "interactive",
      error: { code: "PROVIDER_TIMEOUT", message: "x" },
      submittedAt: 0,
      completedAt: 1,
      journey: [],
      attempts: [call(0.25, { usage }), lost, call(0.25, { usage, purpose: "compression" }), call(0.25, { usage })],
      traceId: null,
    });
    expect(result.cost).toMatchObject({ usd: null, knownUsd: 0.75, baselineUsd: null });
    expect(result.usage).toEqual({ ...usage, inputTokens: 18, outputTokens: 2 });
    expect(result.warnings).toMatchObject([{ code: "COST_PARTLY_UNKNOWN" }]);
  });
});
