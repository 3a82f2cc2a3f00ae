import { requestSchema } from "@nocp/contracts/request.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { describe, expect, test } from "vitest";
import { createTargetOf } from "./target-model.ts";

const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 2 };
const settings = {
  ...defaultsOf(routerSection),
  maxOutputTokens: 1_000,
  groups: {
    chat: { candidates: ["anthropic/claude-sonnet-4-5", "fast/org/small"], weights: {} },
    cheap: { candidates: ["gemini"], weights: {} },
  },
  aliases: { "gpt-4": "openai/gpt-4o", talk: "chat", own: "some/model" },
  tiers: { premium: ["anthropic/claude-opus-4-6"] },
  models: {
    "fast/org/small": { contextTokens: 8_000 },
    "openai/gpt-4o": price,
    "openai@eu/gpt-4o": { ...price, inputUsdPerMillion: 3 },
  },
  tenants: { acme: { model: "talk" } },
};
const targetOf = createTargetOf(settings);
const target = (routing: object, rest: object = {}, of = targetOf) => of(requestSchema.parse({ query: "q", routing, ...rest }));

describe("the model that a context is counted for", () => {
  test.each([
    ["a model", { model: "gpt-4o" }, undefined, "gpt-4o"],
    ["a model with its provider", { model: "openai/gpt-4o" }, "openai", "gpt-4o"],
    ["a provider and a model", { provider: "anthropic", model: "claude-x" }, "anthropic", "claude-x"],
    ["an alias of a model", { model: "gpt-4" }, "openai", "gpt-4o"],
    ["an alias of a model with a slash of its own", { model: "own" }, undefined, "some/model"],
    ["the first of a group", { model: "chat" }, "anthropic", "claude-sonnet-4-5"],
    ["the first of a group behind an alias", { model: "talk" }, "anthropic", "claude-sonnet-4-5"],
    ["a provider's default model", { model: "cheap" }, "gemini", "gemini-3.8-flash"],
    ["the first candidate", { candidates: [{ provider: "a", model: "m" }] }, "a", "m"],
    ["the first of a tier", { tier: "premium" }, "anthropic", "claude-opus-4-6"],
  ])("is %s", (_what, routing, provider, model) => {
    expect(target(routing)).toMatchObject({ provider, model });
  });

  test("is the tenant's where the request names none, then the deployment's, then nobody's", () => {
    expect(target({}, { tenant: "acme" }).model).toBe("claude-sonnet-4-5");
    expect(target({}, {}, createTargetOf({ ...settings, model: "gpt-4" })).model).toBe("gpt-4o");
    expect(target({}, {}, createTargetOf({ ...settings, provider: "gemini" })).model).toBe("gemini-3.8-flash");
    expect(target({}).model).toBeUndefined();
  });
});

test("the smallest window of a group is the limit, with room for the answer", () => {
  expect(target({ model: "chat" }).promptTokens).toBe(7_000);
  expect(target({ model: "chat" }, { limits: { maxOutputTokens: 3_000 } }).promptTokens).toBe(5_000);
  // An answer that takes nearly all of the window leaves half of it to the prompt.
  expect(target({ model: "chat" }, { limits: { maxOutputTokens: 7_900 } }).promptTokens).toBe(4_000);
  expect(target({ model: "gpt-4o" }).promptTokens).toBe(127_000);
  expect(target({ model: "nobody-knows" }).promptTokens).toBe(Number.POSITIVE_INFINITY);
});

test("prices of the settings hold for the model, whichever way it is named", () => {
  for (const routing of [{ model: "gpt-4o" }, { model: "gpt-4" }, { provider: "openai@second", model: "gpt-4o" }])
    expect(target(routing).pricing).toEqual({ kind: "set", ...price });
  expect(target({ provider: "openai@eu", model: "gpt-4o" }).pricing).toMatchObject({ inputUsdPerMillion: 3 });
  expect(target({ model: "chat" }).pricing).toBeUndefined();
});
