import { describe, expect, test } from "vitest";
import { providerFailureOf } from "../failures/provider-failure.ts";
import { reportedQuotasOf, resetMsOf } from "./reported-quotas.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const lookup = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name];

describe("what vendors report of their quotas", () => {
  test.each([
    ["6m0s", 360_000],
    ["1.5s", 1_500],
    ["20ms", 20],
    ["2m59.56s", 179_560],
    ["7", 7_000],
    ["2026-11-27T12:00:30Z", 30_000],
    ["2026-11-27T11:00:00Z", 0],
    ["soon", undefined],
    ["900h", undefined],
    ["", undefined],
  ])("a reset of %s", (text, expected) => expect(resetMsOf(text, now)).toBe(expected));

  test("OpenAI's headers", () => {
    const headers = {
      "x-ratelimit-limit-requests": "500",
      "x-ratelimit-remaining-requests": "499",
      "x-ratelimit-reset-requests": "120ms",
      "x-ratelimit-limit-tokens": "30000",
      "x-ratelimit-remaining-tokens": "29000",
      "x-ratelimit-reset-tokens": "2s",
    };
    expect(reportedQuotasOf(lookup(headers), now)).toEqual({
      requests: { limit: 500, remaining: 499, resetMs: 120 },
      tokens: { limit: 30_000, remaining: 29_000, resetMs: 2_000 },
    });
  });

  test("Anthropic's headers", () => {
    const headers = {
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-27T12:01:00Z",
      "anthropic-ratelimit-input-tokens-limit": "40000",
      "anthropic-ratelimit-input-tokens-remaining": "39000",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-27T12:00:02Z",
    };
    expect(reportedQuotasOf(lookup(headers), now)).toEqual({
      requests: { limit: 50, remaining: 0, resetMs: 60_000 },
      tokens: { limit: 40_000, remaining: 39_000, resetMs: 2_000 },
    });
  });

  test("Google's details of a refusal", () => {
    const error = {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: "You exceeded your current quota.",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.QuotaFailure",
          violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", quotaValue: "15" }],
        },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" },
      ],
    };
    const failure = providerFailureOf(Object.assign(new Error(JSON.stringify({ error })), { status: 429 }));
    expect(failure.violated).toEqual({ requests: { limit: 15, remaining: 0, resetMs: 60_000 } });
    expect(failure.retryDelay).toBe("34s");
  });

  test.each([
    {},
    { "x-ratelimit-limit-requests": "5" },
    { "x-ratelimit-limit-requests": "x", "x-ratelimit-remaining-requests": "y" },
  ])("nothing of %j", (headers) => expect(reportedQuotasOf(lookup(headers), now)).toBeUndefined());
});
