import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";
import { describe, expect, it } from "vitest";
import { composeRequest } from "./compose-request.ts";
import type { Controls } from "./controls.ts";

const defaults = { compression: "lossless", timeoutMs: 1000, tools: [] } as const;
const access = { tenant: "acme", models: [], lanes: [], compression: null };
const routingOf = (model: string, controls: Controls) => {
  const call = chatServerApi.readCall({ model, messages: [{ role: "user", content: "x" }] });
  return composeRequest(call, controls, defaults, access).routing;
};

describe("the route of a call", () => {
  it("is the model it names, or the deployment's choice", () => {
    expect(routingOf("openai/gpt-5", {})).toEqual({ model: "openai/gpt-5" });
    expect(routingOf("nocp/auto", {})).toEqual({});
  });

  it("is of a tier where no model is named, and in the order of a strategy", () => {
    expect(routingOf("nocp/auto", { tier: "economy", strategy: "lowest-cost" })).toEqual({
      ...{ tier: "economy", strategy: "lowest-cost" },
    });
    const fallbacks = [{ provider: "openai", model: "gpt-5" }];
    expect(routingOf("nocp/auto", { route: ["gemini/g", "openai/gpt-5"], strategy: "latency" })).toEqual({
      ...{ provider: "gemini", model: "g", fallbacks, strategy: "latency" },
    });
  });

  it.each([
    ["gpt-5", {}],
    ["nocp/auto", { route: ["openai/gpt-5"] }],
  ])("has no tier beside a model: %s", (model, controls) => {
    expect(() => routingOf(model, { ...controls, tier: "premium" })).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST", field: "tier" }),
    );
  });
});
