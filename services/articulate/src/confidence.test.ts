import type { Completion } from "@nocp/contracts/messages.ts";
import { describe, expect, it } from "vitest";
import { confidenceOf } from "./confidence.ts";
import { supportOf } from "./support.ts";

const completion = (changes: Partial<Completion> = {}): Completion => ({
  text: "The refund of 1,250.50 was approved.",
  finishReason: "stop",
  provider: "openai",
  model: "gpt-4o",
  usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, source: "provider" },
  ...changes,
});

describe("support", () => {
  it("is the share of content words and numbers that the context holds, whatever their endings and case", () => {
    expect(supportOf("Refunds approved: 1,250.50", "We REFUNDED 1250.50, and it was approved.")).toBe(1);
    expect(supportOf("Refund approved 99", "The refund was approved for 98.")).toBeCloseTo(2 / 3);
    expect(supportOf("Paris", "Nothing about it here at all.")).toBe(0);
  });

  it("compares scripts without blanks by pairs of characters", () => {
    expect(supportOf("東京", "私は東京に住んでいます")).toBe(1);
    expect(supportOf("大阪", "私は東京に住んでいます")).toBe(0);
    expect(supportOf("ภาษาไทย", "นี่คือภาษาไทยจริงๆ")).toBe(1);
  });

  it("is unknown without a context, or without anything to look for", () => {
    expect(supportOf("Paris is large", "")).toBeUndefined();
    expect(supportOf("Yes.", "Some context.")).toBeUndefined();
  });
});

describe("confidence", () => {
  it("is the mean of its stated parts", () => {
    const { score, parts } = confidenceOf(completion({ providerConfidence: 0.5 }), "refund 1250.50 approved", true);
    expect(parts).toEqual({ support: 1, schema: 1, finish: 1, provider: 0.5 });
    expect(score).toBeCloseTo(3.5 / 4);
  });

  it("falls when the answer was cut or filtered, and when the context does not hold it", () => {
    const context = "refund 1250.50 approved";
    const whole = confidenceOf(completion(), context, undefined).score;
    expect(confidenceOf(completion({ finishReason: "length" }), context, undefined).score).toBeLessThan(whole);
    expect(confidenceOf(completion({ finishReason: "content-filter" }), context, undefined).parts.finish).toBe(0);
    expect(confidenceOf(completion(), "another matter", undefined).score).toBeLessThan(whole);
  });
});
