// Where models that help are reached, and what their calls cost.
import { describe, expect, test } from "vitest";
import { endpointsOf, parseProvider, priceOfCalls } from "./model-settings.ts";

describe("the provider on the command line", () => {
  const none = {
    ...{ batchSize: 128, queryPrefix: "", passagePrefix: "", cacheMiB: 1 },
    ...{ model: "", baseUrl: "https://api.openai.com/v1", apiKey: "", timeoutMs: 1000 },
  };
  const own = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "own-key", model: "own-model" };

  test("is a name, with or without a model", () => {
    expect(parseProvider("openai")).toEqual({ provider: "openai", model: undefined });
    expect(parseProvider("openai-compatible/meta/llama")).toEqual({ provider: "openai-compatible", model: "meta/llama" });
    expect(() => parseProvider("gemini")).toThrow("openai or openai-compatible");
  });

  test("takes its address, key and model from the provider's settings where those of assess are open", () => {
    const found = endpointsOf("openai-compatible", "llama", own, { distiller: none, embedder: none });
    expect(found.distiller).toMatchObject({ model: "llama", baseUrl: own.baseUrl, apiKey: "own-key" });
    expect(found.embedder.model).toBe("");
    const set = { ...none, model: "tiny", baseUrl: "http://127.0.0.1:8/v1", apiKey: "k" };
    expect(endpointsOf("openai-compatible", undefined, own, { distiller: set, embedder: set }).distiller).toEqual(set);
  });

  test.each([
    ["openai", { ...own, apiKey: "" }, "OPENAI_API_KEY"],
    ["openai-compatible", { ...own, baseUrl: "" }, "BASE_URL"],
    ["openai-compatible", { ...own, model: "" }, "needs a model"],
  ] as const)("%s without what it needs is a usage error", (provider, values, problem) => {
    expect(() => endpointsOf(provider, undefined, values, { distiller: none, embedder: none })).toThrow(problem);
  });

  test("prices calls at OpenAI, and nowhere else", () => {
    const call = { service: "distiller" as const, model: "gpt-4o", inputTokens: 1_000_000, outputTokens: 0 };
    const at = () => Date.parse("2026-11-21T12:00:00Z");
    expect(priceOfCalls({ distiller: none, embedder: none }, at)(call)).toBeCloseTo(2.5, 9);
    expect(
      priceOfCalls({ distiller: none, embedder: none }, at)({ ...call, service: "embedder", model: "text-embedding-3-small" }),
    ).toBeCloseTo(0.02, 9);
    expect(priceOfCalls({ distiller: own, embedder: own }, at)(call)).toBeNull();
  });
});
