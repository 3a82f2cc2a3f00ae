import type { CacheMark } from "@nocp/contracts/prompt.ts";
import { anthropicCapabilities } from "@nocp/models/vendors/anthropic/capabilities.ts";
import { openAiChatCapabilities } from "@nocp/models/vendors/openai/capabilities.ts";
import { describe, expect, it } from "vitest";
import { callOf, fakeContext, optimizedMessage, promptOf, scriptedProvider } from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";
import { reservationFor } from "./complete-with-fallback.ts";

describe("the cost cap", () => {
  const dear = { pricing: { kind: "table", vendor: "openai" }, defaultModel: "gpt-5.4" } as const;

  it("refuses before a call that is too dear, without calling", async () => {
    const provider = scriptedProvider("first", [], dear);
    const { handle } = routerOf([provider]);
    const error = await rejection(
      handle(optimizedMessage({ limits: { maxCostUsd: 0.000001 } }), fakeContext()) as Promise<unknown>,
    );
    expect(error.code).toBe("COST_CAP_EXCEEDED");
    expect(provider.calls).toHaveLength(0);
  });

  it("goes to a cheaper candidate", async () => {
    const cheap = scriptedProvider("second", [{}], { pricing: { kind: "free" } });
    const { handle } = routerOf([scriptedProvider("first", [], dear), cheap], { fallbacks: ["second"] });
    expect(
      completionIn(await handle(optimizedMessage({ limits: { maxCostUsd: 0.000001 } }), fakeContext())).completion.provider,
    ).toBe("second");
  });

  it("goes past a candidate without a price to one that has one", async () => {
    const priced = scriptedProvider("second", [{}], dear);
    const { handle } = routerOf([scriptedProvider("first", []), priced], { fallbacks: ["second"] });
    const body = completionIn(await handle(optimizedMessage({ limits: { maxCostUsd: 1 } }), fakeContext()));
    expect(body.completion.provider).toBe("second");
  });

  it("refuses when no candidate has a price, without calling", async () => {
    const provider = scriptedProvider("first", []);
    const { handle } = routerOf([provider]);
    const error = await rejection(handle(optimizedMessage({ limits: { maxCostUsd: 1 } }), fakeContext()) as Promise<unknown>);
    expect(error).toMatchObject({ code: "COST_CAP_EXCEEDED", message: expect.stringContaining("is unknown") });
    expect(provider.calls).toHaveLength(0);
  });

  it("counts what is known to be spent beside a call of unknown cost, and says that it does not count that", async () => {
    const call = { provider: "distiller", model: "m", outcome: "succeeded" as const, latencyMs: 1 };
    const usage = { inputTokens: 9, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
    const billed = { ...call, usage: { ...usage, source: "provider" as const } };
    const attempts = [
      { ...billed, costUsd: 0.995 },
      { ...billed, costUsd: null },
    ];
    const provider = scriptedProvider("first", [{}], dear);
    const { handle } = routerOf([provider]);
    const message = optimizedMessage({ limits: { maxCostUsd: 1 } }, { spent: { attempts, costUsd: null } });
    const body = completionIn(await handle(message, fakeContext()));
    expect(provider.calls[0]!.maxOutputTokens).toBeLessThan(500);
    expect(body.warnings).toMatchObject([{ code: "COST_PARTLY_UNKNOWN" }]);
  });

  it("shortens the answer so that the call stays under it", async () => {
    const provider = scriptedProvider("first", [{}], dear);
    const { handle } = routerOf([provider]);
    await handle(optimizedMessage({ limits: { maxCostUsd: 0.004 } }), fakeContext());
    expect(provider.calls[0]!.maxOutputTokens).toBeLessThan(500);
    expect(provider.calls[0]!.maxOutputTokens).toBeGreaterThan(64);
  });
});

describe("the room that a call takes under the cost cap", () => {
  const inputTokens = 100_000;
  const at = Date.parse("2026-11-01");
  const worstOf = (vendor: "anthropic" | "openai", model: string, cache: CacheMark | undefined) => {
    const capabilities = vendor === "anthropic" ? anthropicCapabilities : openAiChatCapabilities;
    const provider = scriptedProvider("first", [], { pricing: { kind: "table", vendor }, capabilities });
    const call = callOf(promptOf("q", cache ? { queryCache: cache } : {}));
    const costCap = { maxCostUsd: undefined, spentUsd: 0, inputTokens, maxOutputTokens: 1 };
    const reserved = reservationFor(
      { provider: "first", model },
      { providers: [provider], call, costCap, earlier: [], outputLimitOf: () => Number.POSITIVE_INFINITY },
      0,
      at,
    );
    return "worstCaseUsd" in reserved ? (reserved.worstCaseUsd ?? Number.NaN) : Number.NaN;
  };
  const claude = (cache?: CacheMark) => worstOf("anthropic", "claude-haiku-4-5", cache);

  it("has the price of writing to the vendor's cache where marks are sent, an hour dearer than five minutes", () => {
    expect(claude({ ttl: "5m" })).toBeGreaterThan(claude());
    expect(claude({ ttl: "1h" })).toBeGreaterThan(claude({ ttl: "5m" }));
  });

  it("is the same with a mark that the vendor is not sent", () => {
    const unmarked = worstOf("openai", "gpt-4o", undefined);
    expect(unmarked).toBeGreaterThan(0);
    expect(worstOf("openai", "gpt-4o", { ttl: "1h" })).toBe(unmarked);
  });
});
