import type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describe, expect, test } from "vitest";
import type { AttemptOutcome } from "../attempt-completion.ts";
import { verdictOfCall } from "./call-verdict.ts";

const limits = { connectMs: 1_000, ttftMs: 10_000, stallMs: 10_000 };
const attempt = { provider: "p", model: "m", outcome: "failed", latencyMs: 20_000, costUsd: null } as const;
const failed = (error: unknown): AttemptOutcome => ({ attempt, reported: undefined, chunkGapsMs: [], error, wrote: false });
const answered = (timeToFirstTokenMs: number): AttemptOutcome => ({
  attempt: { ...attempt, outcome: "succeeded", timeToFirstTokenMs },
  reported: undefined,
  chunkGapsMs: [],
  completion: {} as never,
});
const verdictOf = (outcome: AttemptOutcome, ttftMs = 10_000) =>
  verdictOfCall(outcome, { slowMs: 10_000, limits: { ...limits, ttftMs } });

describe("what a call tells of its provider", () => {
  test.each<[ErrorCode, string]>([
    ["PROVIDER_UNAVAILABLE", "failed"],
    ["PROVIDER_UNREACHABLE", "failed"],
    ["PROVIDER_TIMEOUT", "failed"],
    ["PROVIDER_INVALID_RESPONSE", "failed"],
    ["PROVIDER_RATE_LIMITED", "none"],
    ["PROVIDER_BAD_REQUEST", "none"],
    ["PROVIDER_AUTH", "none"],
    ["CONTENT_FILTERED", "none"],
    ["CANCELLED", "none"],
    ["DEADLINE_EXCEEDED", "none"],
  ])("%s: %s", (code, verdict) => {
    expect(verdictOf(failed(new NocpError(code, "it failed")))).toBe(verdict);
  });

  test("what nobody foresaw: none", () => {
    expect(verdictOf(failed(new Error("a bug")))).toBe("none");
  });

  test("silence that others would have waited out: none", () => {
    expect(verdictOf(failed(new NocpError("PROVIDER_TIMEOUT", "it was silent")), 900)).toBe("none");
  });

  test("an answer is slow by its first piece, however long the whole takes", () => {
    expect(verdictOf(answered(500))).toBe("passed");
    expect(verdictOf(answered(10_001))).toBe("slow");
  });
});
