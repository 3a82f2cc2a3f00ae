import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describe, expect, test } from "vitest";
import { type FailedAttempt, heldForProviderMs, ShutdownSignal, settlementOf } from "./settlement.ts";

const policy = { maxAttempts: 3, retryBaseMs: 100, retryMaxMs: 1000 };
const failed: FailedAttempt = { attempt: 1, now: 1_000_000, deadlineAt: 2_000_000, random: 0 };

describe("what becomes of a delivery", () => {
  test.each([
    ["an unknown error is retried", new Error("x"), failed, { kind: "retry", delayMs: 50 }],
    ["something that is no error is retried", "x", failed, { kind: "retry", delayMs: 50 }],
    ["a shutdown gives it back, at the last attempt too", new ShutdownSignal(), { ...failed, attempt: 3 }, { kind: "return" }],
    ["a rejecting code is dead-lettered at once", new NocpError("INVALID_MESSAGE", "x"), failed, { kind: "dead-letter" }],
    ["a failing code is answered without a dead letter", new NocpError("CANCELLED", "x"), failed, { kind: "fail" }],
    [
      "a retried code waits as long as it says",
      new NocpError("PROVIDER_RATE_LIMITED", "x", { retryAfterMs: 7000 }),
      failed,
      { kind: "wait", delayMs: 7000 },
    ],
    [
      "a wait gets jitter, and is no attempt: it goes on after the last one",
      new NocpError("PROVIDER_RATE_LIMITED", "x", { retryAfterMs: 1000 }),
      { ...failed, attempt: 3, random: 0.5 },
      { kind: "wait", delayMs: 1125 },
    ],
    [
      "a rate limit that names no wait is waited for with the usual backoff",
      new NocpError("PROVIDER_RATE_LIMITED", "x"),
      { ...failed, attempt: 3, random: 0.5 },
      { kind: "wait", delayMs: 300 },
    ],
    [
      "a failure that names a wait is an attempt all the same",
      new NocpError("PROVIDER_UNAVAILABLE", "x", { retryAfterMs: 1000 }),
      { ...failed, attempt: 3 },
      { kind: "dead-letter", error: { code: "PROVIDER_UNAVAILABLE" } },
    ],
    [
      "the last attempt is dead-lettered",
      new Error("x"),
      { ...failed, attempt: 3 },
      { kind: "dead-letter", error: { code: "ATTEMPTS_EXHAUSTED" } },
    ],
    [
      "a known code stays readable after the last attempt",
      new NocpError("TOOL_FAILED", "x"),
      { ...failed, attempt: 3 },
      { kind: "dead-letter", error: { code: "TOOL_FAILED" } },
    ],
    [
      "nothing is retried past the deadline",
      new Error("x"),
      { ...failed, now: 2_000_000 },
      { kind: "fail", error: { code: "DEADLINE_EXCEEDED" } },
    ],
    [
      "a wait that would pass the deadline fails now, with the cause and its advice",
      new NocpError("PROVIDER_RATE_LIMITED", "x", { retryAfterMs: 2_000_000, advice: "Ask tomorrow." }),
      failed,
      {
        kind: "fail",
        error: {
          code: "PROVIDER_RATE_LIMITED",
          message: "x (a retry in 2000000 ms would be too late for the deadline)",
          advice: "Ask tomorrow.",
          retryAfterMs: 2_000_000,
        },
      },
    ],
    [
      "an unknown error, whose wait would pass the deadline, is a matter of the deadline",
      new Error("x"),
      { ...failed, now: 1_999_990 },
      { kind: "fail", error: { code: "DEADLINE_EXCEEDED" } },
    ],
  ])("%s", (_sentence, error, attempt, expected) => {
    expect(settlementOf(error, attempt, policy)).toMatchObject(expected);
  });
});

describe("how long a delivery is held because of a provider", () => {
  const heldFor = (cause: unknown) => heldForProviderMs(settlementOf(cause, failed, policy));
  const codes = Object.keys(errorCatalogue) as ErrorCode[];

  test("is its delay after a provider's failure, for its quota and for its breaker, and nothing for any other code", () => {
    expect(codes.filter((code) => heldFor(new NocpError(code, "x", { retryAfterMs: 700 })) === 700).sort()).toEqual([
      "BREAKER_OPEN",
      "CALL_LOST",
      "PROVIDER_INVALID_RESPONSE",
      "PROVIDER_RATE_LIMITED",
      "PROVIDER_TIMEOUT",
      "PROVIDER_UNAVAILABLE",
      "PROVIDER_UNREACHABLE",
    ]);
    const others = codes.filter((code) => heldFor(new NocpError(code, "x", { retryAfterMs: 700 })) !== 700);
    expect(others.map((code) => heldFor(new NocpError(code, "x", { retryAfterMs: 700 })))).toEqual(others.map(() => 0));
  });

  test("is the usual backoff where the provider names no time", () =>
    expect(heldFor(new NocpError("PROVIDER_UNAVAILABLE", "x"))).toBe(50));

  test("is nothing for what nobody foresaw, and for what is not given back", () => {
    expect(heldFor(new Error("x"))).toBe(0);
    expect(heldFor(new ShutdownSignal())).toBe(0);
    expect(heldForProviderMs({ kind: "ack" })).toBe(0);
  });
});
