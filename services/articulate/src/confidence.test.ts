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

  it.each([
    ["Korean, with particles", "환불정책을 확인", "환불정책은 30일이고 여기에서 확인합니다", 1],
    ["Korean, of something else", "배송주소", "환불정책은 30일입니다", 0],
    ["Japanese", "東京", "私は東京に住んでいます", 1],
    ["Japanese, of something else", "大阪", "私は東京に住んでいます", 0],
    ["Chinese", "退款政策", "我们的退款政策为三十天", 1],
    ["Thai", "ภาษาไทย", "นี่คือภาษาไทยจริงๆ", 1],
    ["Arabic, with article and preposition", "شركة الميزانية", "وافقت على ميزانية للشركة", 1],
    ["Hebrew, with article and plural", "החשבון בספרים", "חשבון הספר", 1],
    ["Hindi, in another case", "किताबें घर", "घरों में किताब", 1],
    ["Russian, in another case", "возврат оплаты", "оплату за возвраты", 1],
    [
      "German, with endings and sharp s",
      "Versandkosten der Lieferungen in die Straße",
      "DIE STRASSE: Lieferung ohne Versandkosten",
      1,
    ],
  ])("finds words in their inflection: %s", (_language, answer, context, share) => {
    expect(supportOf(answer, context)).toBe(share);
  });

  it("of a Korean answer about a refund policy lies in the words that are there", () => {
    expect(supportOf("환불정책을 확인", "환불정책은 30일")).toBeGreaterThan(0.7);
  });

  it("is unknown without a context, or without anything to look for", () => {
    expect(supportOf("Paris is large", "")).toBeUndefined();
    expect(supportOf("Yes.", "Some context.")).toBeUndefined();
  });
});

describe("confidence", () => {
  it("is the mean of its stated parts", () => {
    const { score, parts } = confidenceOf(completion({ providerConfidence: 0.9 }), "refund approved", true);
    expect(parts).toEqual({ support: expect.closeTo(2 / 3), schema: 1, finish: 1, provider: 0.9 });
    expect(score).toBeCloseTo((2 / 3 + 1 + 1 + 0.9) / 4);
  });

  it("is no higher than what the provider itself says", () => {
    expect(confidenceOf(completion({ providerConfidence: 0.5 }), "refund 1250.50 approved", true).score).toBe(0.5);
    expect(confidenceOf(completion({ providerConfidence: 0 }), "refund 1250.50 approved", undefined).score).toBe(0);
  });

  it("falls when the answer was cut or filtered, and when the context does not hold it", () => {
    const context = "refund 1250.50 approved";
    const whole = confidenceOf(completion(), context, undefined).score;
    expect(confidenceOf(completion({ finishReason: "length" }), context, undefined).score).toBeLessThan(whole);
    expect(confidenceOf(completion({ finishReason: "content-filter" }), context, undefined).parts.finish).toBe(0);
    expect(confidenceOf(completion(), "another matter", undefined).score).toBeLessThan(whole);
  });
});
