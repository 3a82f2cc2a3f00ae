import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describe, expect, it } from "vitest";
import { vendorError } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { classifyProviderError } from "./classify-provider-error.ts";
import { retryAfterMsOf } from "./retry-after.ts";

const asked = { provider: "openai", model: "gpt-5.4-mini" };
const now = Date.parse("2026-11-21T12:00:00Z");
const classified = (thrown: unknown) => classifyProviderError(thrown, asked, now);
const networkError = (code: string) =>
  Object.assign(new Error("Connection error."), {
    cause: Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error(code), { code }) }),
  });
/** Gemini's SDK puts the body into the message as text. */
const geminiError = (status: number, error: object) => Object.assign(new Error(JSON.stringify({ error })), { status });

describe("a vendor's error becomes a code of the catalogue", () => {
  it.each([
    ["a rate limit", vendorError(429, { message: "Rate limit reached", code: "rate_limit_exceeded" }), "PROVIDER_RATE_LIMITED"],
    [
      "an exhausted quota",
      vendorError(429, { message: "You exceeded your current quota", code: "insufficient_quota" }),
      "PROVIDER_AUTH",
    ],
    [
      "a project's spend limit",
      vendorError(429, {
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        code: "project_spend_limit_exceeded",
      }),
      "PROVIDER_AUTH",
    ],
    [
      "an organization's usage limit, by its code alone",
      vendorError(429, { code: "organization_usage_limit_exceeded" }),
      "PROVIDER_AUTH",
    ],
    ["a gateway's exhausted quota", vendorError(429, { code: "terminal_quota_exhausted" }), "PROVIDER_AUTH"],
    [
      "a 429 that speaks of quota without a code",
      vendorError(429, { message: "You exceeded your current quota, please check your plan and billing details" }),
      "PROVIDER_RATE_LIMITED",
    ],
    [
      "credit that is used up",
      vendorError(400, { type: "invalid_request_error", message: "Your credit balance is too low" }),
      "PROVIDER_AUTH",
    ],
    [
      "a wrong key",
      vendorError(401, { code: "invalid_api_key", message: "Incorrect API key provided: sk-abcdef123456" }),
      "PROVIDER_AUTH",
    ],
    ["a key without rights", vendorError(403, { type: "permission_error" }), "PROVIDER_AUTH"],
    [
      "Gemini's wrong key, which is a 400",
      geminiError(400, { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" }),
      "PROVIDER_AUTH",
    ],
    [
      "OpenAI's context length",
      vendorError(400, { code: "context_length_exceeded", message: "too long" }),
      "CONTEXT_LENGTH_EXCEEDED",
    ],
    [
      "Anthropic's context length",
      vendorError(400, {
        error: { type: "invalid_request_error", message: "prompt is too long: 250000 tokens > 200000 maximum" },
      }),
      "CONTEXT_LENGTH_EXCEEDED",
    ],
    [
      "Gemini's context length",
      geminiError(400, {
        message: "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).",
        status: "INVALID_ARGUMENT",
      }),
      "CONTEXT_LENGTH_EXCEEDED",
    ],
    [
      "vLLM's context length",
      vendorError(400, { message: "This model's maximum context length is 4096 tokens." }),
      "CONTEXT_LENGTH_EXCEEDED",
    ],
    ["a body that is too large", vendorError(413, { error: { type: "request_too_large" } }), "CONTEXT_LENGTH_EXCEEDED"],
    ["a content filter", vendorError(400, { code: "content_filter", message: "The response was filtered" }), "CONTENT_FILTERED"],
    ["a policy", vendorError(400, { code: "content_policy_violation" }), "CONTENT_FILTERED"],
    ["a time-out of the vendor", vendorError(504), "PROVIDER_TIMEOUT"],
    ["a request time-out", vendorError(408), "PROVIDER_TIMEOUT"],
    ["a server error", vendorError(500), "PROVIDER_UNAVAILABLE"],
    ["an overloaded server", vendorError(529, { error: { type: "overloaded_error" } }), "PROVIDER_UNAVAILABLE"],
    [
      "an overload inside a stream",
      Object.assign(new Error("Overloaded"), { error: { error: { type: "overloaded_error" } } }),
      "PROVIDER_UNAVAILABLE",
    ],
    ["a rate limit inside a stream", Object.assign(new Error("slow"), { code: "rate_limit_exceeded" }), "PROVIDER_RATE_LIMITED"],
    ["an unknown model", vendorError(404, { code: "model_not_found" }), "NO_PROVIDER"],
    ["a malformed request", vendorError(400, { message: "Unknown parameter: 'foo'" }), "PROVIDER_BAD_REQUEST"],
    ["a refused connection", networkError("ECONNREFUSED"), "PROVIDER_UNREACHABLE"],
    ["an unknown host", networkError("ENOTFOUND"), "PROVIDER_UNREACHABLE"],
    ["a reset connection", networkError("ECONNRESET"), "PROVIDER_UNREACHABLE"],
    ["a broken socket", networkError("UND_ERR_SOCKET"), "PROVIDER_UNREACHABLE"],
    ["headers that never came", networkError("UND_ERR_HEADERS_TIMEOUT"), "PROVIDER_TIMEOUT"],
    ["an answer that is not JSON", new SyntaxError("Unexpected token '<'"), "PROVIDER_INVALID_RESPONSE"],
    ["something that is no error", "nonsense", "PROVIDER_INVALID_RESPONSE"],
    ["nothing", undefined, "PROVIDER_INVALID_RESPONSE"],
    ["an error that a protocol already named", new NocpError("CONTENT_FILTERED", "stopped"), "CONTENT_FILTERED"],
  ] as const)("%s", (_name, thrown, code) => {
    expect(classified(thrown).code).toBe(code);
  });
});

describe("when to try again", () => {
  it.each([
    ["seconds", { "retry-after": "20" }, 20_000],
    ["parts of a second", { "retry-after": "0.5" }, 500],
    ["an HTTP date", { "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, 30_000],
    ["a date that has passed", { "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, 0],
    ["milliseconds, before seconds", { "retry-after-ms": "1250", "retry-after": "2" }, 1250],
    ["no number at all", { "retry-after": "soon" }, undefined],
    ["a negative number", { "retry-after": "-5" }, undefined],
    ["more than a day", { "retry-after": "100000000" }, undefined],
    ["nothing", {}, undefined],
  ] as const)("reads %s", (_name, headers, waitMs) => {
    expect(retryAfterMsOf((name) => (headers as Record<string, string>)[name], now)).toBe(waitMs);
    expect(classified(vendorError(429, {}, headers)).retryAfterMs).toBe(waitMs);
  });

  it("reads Gemini's RetryInfo from the body", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" }];
    const error = classified(geminiError(429, { code: 429, message: "quota", status: "RESOURCE_EXHAUSTED", details }));
    expect(error).toMatchObject({ code: "PROVIDER_RATE_LIMITED", retryAfterMs: 34_000 });
  });

  it("takes Gemini's limit a minute, whose sentence speaks of plan and billing, for a rate limit", () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.Help", links: [{ url: "https://ai.google.dev/gemini-api/docs/rate-limits" }] },
      {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [
          {
            quotaMetric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
            quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
            quotaValue: "10",
          },
        ],
      },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.074824224s" },
    ];
    const message =
      "You exceeded your current quota, please check your plan and billing details. For more information on this error, " +
      "head to: https://ai.google.dev/gemini-api/docs/rate-limits.\n* Quota exceeded for metric: " +
      "generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10\nPlease retry in 34.074824224s.";
    const error = classified(geminiError(429, { code: 429, message, status: "RESOURCE_EXHAUSTED", details }));
    expect(error).toMatchObject({ code: "PROVIDER_RATE_LIMITED", retryAfterMs: 34_075 });
  });

  it("says nothing about errors that are not retried", () => {
    expect(classified(vendorError(401, {}, { "retry-after": "5" })).retryAfterMs).toBeUndefined();
  });
});

describe("messages", () => {
  it("name provider, model and status", () => {
    expect(classified(vendorError(503)).message).toBe("openai (gpt-5.4-mini, HTTP 503) reports an internal error");
  });

  it("hold no key, whatever the vendor says", () => {
    for (const status of [400, 401, 403, 404, 429, 500]) {
      const error = classified(
        vendorError(status, { message: "Incorrect key: sk-proj-abcdef0123456789 and AIzaSyA1234567890abcdef" }),
      );
      expect(error.message).not.toMatch(/abcdef/);
      expect(error.cause).toBeUndefined();
    }
  });

  it("hold no long quotation, which may be of the prompt", () => {
    const secret = "the patient's name is Jane Doe and she lives in Springfield at number 7";
    const error = classified(vendorError(400, { message: `Invalid value: "${secret}"` }));
    expect(error.message).toContain("Invalid value");
    expect(error.message).not.toContain("Jane");
  });
});
