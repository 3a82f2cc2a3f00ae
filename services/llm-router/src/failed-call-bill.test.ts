import type { Usage } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { noProgress, type ReportedUsage } from "@nocp/models/reported-usage.ts";
import { describe, expect, it } from "vitest";
import { vendorError } from "../../../test/fixtures/llm-router-fixtures.ts";
import { billOfFailedCall, type FailedCall } from "./failed-call-bill.ts";

const reported: ReportedUsage = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteOneHourTokens: 0,
  reasoningTokens: 0,
};
const network = (code: string): Error => new Error("fetch failed", { cause: Object.assign(new Error(code), { code }) });
const priceOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + 10 * outputTokens;
const billOf = (more: Partial<FailedCall>) =>
  billOfFailedCall({
    thrown: new NocpError("PROVIDER_UNAVAILABLE", "broke off"),
    progress: noProgress(),
    streamed: false,
    countTokens: (written) => ({ inputTokens: 90, outputTokens: written.length }),
    priceOf,
    worstCaseUsd: 5000,
    ...more,
  });

describe("the bill of a call without a usable answer", () => {
  it.each([
    ["a rate limit", vendorError(429)],
    ["a refused request", vendorError(400)],
    ["a server error", vendorError(503)],
    ["an error as the body of a 200", Object.assign(new Error("x"), { error: { message: "busy" } })],
    ["a refused connection", network("ECONNREFUSED")],
    ["an unknown host", network("ENOTFOUND")],
    ["a bad certificate", network("CERT_HAS_EXPIRED")],
    ["a call that was never sent", new NocpError("PROVIDER_UNSUPPORTED", "takes no image")],
  ])("is 0 after %s", (_name, thrown) => {
    expect(billOf({ thrown })).toEqual({ costUsd: 0 });
    expect(billOf({ thrown, streamed: true })).toEqual({ costUsd: 0 });
  });

  it.each([
    ["a timeout", new NocpError("PROVIDER_TIMEOUT", "did not answer")],
    ["a cancellation", new NocpError("CANCELLED", "not wanted")],
    ["a broken connection", network("ECONNRESET")],
    ["a gateway's timeout", vendorError(504)],
    ["a body that is no JSON", new SyntaxError("Unexpected token")],
    ["something that nobody foresaw", "thrown"],
  ])("is unknown after %s, and at most the worst case", (_name, thrown) => {
    expect(billOf({ thrown })).toEqual({ costUsd: null, atMostUsd: 5000 });
    expect(billOf({ thrown, worstCaseUsd: null })).toEqual({ costUsd: null });
    expect(billOf({ thrown, worstCaseUsd: 0 })).toEqual({ costUsd: 0 });
  });

  it.each([
    ["a filter", new NocpError("CONTENT_FILTERED", "x")],
    ["an answer that cannot be read", new NocpError("PROVIDER_INVALID_RESPONSE", "x")],
    ["an error with a status", vendorError(500)],
    ["a cancellation", new NocpError("CANCELLED", "x")],
  ])("is what the vendor reported, whatever came of it: %s", (_name, thrown) => {
    const bill = billOf({ thrown, progress: { usage: reported, output: "x".repeat(999), answered: true } });
    expect(bill).toMatchObject({ costUsd: 300, usage: { inputTokens: 100, outputTokens: 20, source: "provider" } });
  });

  it("of a cut stream is counted from what came", () => {
    const bill = billOf({ streamed: true, progress: { usage: null, output: "abcdefg", answered: true } });
    expect(bill).toMatchObject({ costUsd: 160, usage: { inputTokens: 90, outputTokens: 7, source: "counted" } });
    expect(billOf({ streamed: true, progress: { ...noProgress(), answered: true } })).toMatchObject({ costUsd: 90 });
  });

  it("of a cut stream takes the input that its start reported, and counts the output since", () => {
    const progress = { usage: { ...reported, outputTokens: 1 }, output: "abcdefg", answered: true };
    expect(billOf({ streamed: true, progress })).toMatchObject({
      costUsd: 170,
      usage: { inputTokens: 100, outputTokens: 7, source: "counted" },
    });
    const thrown = new NocpError("CONTENT_FILTERED", "x");
    expect(billOf({ streamed: true, progress, thrown })).toMatchObject({ costUsd: 110, usage: { source: "provider" } });
  });
});
