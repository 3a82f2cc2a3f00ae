import { describe, expect, it } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider } from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";

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
