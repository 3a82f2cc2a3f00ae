import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { describe, expect, it } from "vitest";
import { plannedRoute, scriptedProvider } from "../../../test/fixtures/llm-router-fixtures.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import { checkRoutingSettings } from "./routing/check-settings.ts";
import type { RouteRequest } from "./routing/plan-route.ts";

const provider = (name: string, more: Partial<InstalledProvider> = {}): InstalledProvider =>
  scriptedProvider(name, [], { defaultModel: `${name}-default`, howToConfigure: `set ${name.toUpperCase()}_API_KEY`, ...more });
const extractive = provider("extractive", { lastResort: true, defaultModel: "extractive-1" });
const settings = { ...defaultsOf(routerSection), preference: ["openai", "anthropic", "gemini"] };
const all = [
  provider("anthropic", { modelPattern: /^claude-/ }),
  extractive,
  provider("gemini"),
  provider("openai", { modelPattern: /^gpt-/ }),
  provider("openai-compatible", { defaultModel: "" }),
];
const routeOf = (routing: Partial<RouteRequest["routing"]>, providers: readonly InstalledProvider[], more = settings) =>
  plannedRoute(providers, more, { routing }).candidates.map(({ provider, model }) => `${provider}/${model}`);

describe("the first candidate", () => {
  it.each([
    ["the first configured provider in the order of preference", {}, settings, "openai/openai-default"],
    ["the configured provider", {}, { ...settings, provider: "gemini" }, "gemini/gemini-default"],
    ["the configured model", {}, { ...settings, model: "claude-9" }, "anthropic/claude-9"],
    [
      "the provider that the request names, with its default model",
      { provider: "anthropic" },
      settings,
      "anthropic/anthropic-default",
    ],
    ["provider and model of the request", { provider: "gemini", model: "gemini-9" }, settings, "gemini/gemini-9"],
    ["provider/model written together", { model: "gemini/gemini-9" }, settings, "gemini/gemini-9"],
    [
      "a model with a slash of its own",
      { provider: "openai-compatible", model: "meta/llama-3" },
      settings,
      "openai-compatible/meta/llama-3",
    ],
    ["the provider whose name the model bears", { model: "claude-opus-5" }, settings, "anthropic/claude-opus-5"],
    ["a model nobody knows, at the default provider", { model: "mystery" }, settings, "openai/mystery"],
    ["the extractive provider when it is named", { provider: "extractive" }, settings, "extractive/extractive-1"],
  ] as const)("is %s", (_name, routing, routeSettings, expected) => {
    expect(routeOf(routing, all, routeSettings)).toEqual([expected]);
  });

  it("is the extractive provider when nothing else is configured, and only then", () => {
    const unconfigured = all.map((one) => (one.name === "extractive" ? one : { ...one, configured: false }));
    expect(routeOf({}, unconfigured)).toEqual(["extractive/extractive-1"]);
    expect(routeOf({}, all)).not.toContain("extractive/extractive-1");
  });
});

describe("fallbacks", () => {
  it("follow in the configured order, and a request's own replace them", () => {
    const withFallbacks = { ...settings, fallbacks: ["gemini/gemini-9", "extractive"] };
    expect(routeOf({}, all, withFallbacks)).toEqual(["openai/openai-default", "gemini/gemini-9", "extractive/extractive-1"]);
    const own = [{ provider: "anthropic", model: "claude-9" }];
    expect(routeOf({ fallbacks: own }, all, withFallbacks)).toEqual(["openai/openai-default", "anthropic/claude-9"]);
    expect(routeOf({ fallbacks: [] }, all, withFallbacks)).toEqual(["openai/openai-default"]);
  });

  it("appear once, and not when their provider is not configured", () => {
    const some = all.map((one) => (one.name === "gemini" ? { ...one, configured: false } : one));
    const fallbacks = ["openai/openai-default", "gemini", "anthropic", "anthropic"];
    expect(routeOf({}, some, { ...settings, fallbacks })).toEqual(["openai/openai-default", "anthropic/anthropic-default"]);
  });
});

describe("errors", () => {
  it.each([
    [{ provider: "mistral" }, /no provider "mistral"; configured: anthropic, extractive, gemini, openai/],
    [{ fallbacks: [{ provider: "mistral", model: "x" }] }, /no provider "mistral"/],
    [{ provider: "openai-compatible" }, /names no model/],
    [{ strategy: "cheapest" }, /no routing strategy "cheapest"; there are .*lowest-cost/],
  ])("name what there is: %j", (routing, message) => {
    expect(() => routeOf(routing, all)).toThrow(message);
  });

  it("say how to configure a provider that is known but not configured", () => {
    const some = all.map((one) => (one.name === "openai" ? { ...one, configured: false } : one));
    try {
      routeOf({ model: "gpt-5" }, some);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "NO_PROVIDER", message: expect.stringContaining("openai is not configured") });
      expect(error).toMatchObject({ advice: "To use openai, set OPENAI_API_KEY." });
    }
  });

  it("come at the start for settings that name what is not there, all of them together", () => {
    const wrong = {
      ...settings,
      provider: "opnai",
      fallbacks: ["gemni"],
      strategy: "orderd",
      groups: { chat: { candidates: ["mistrl/x"], strategy: "wieghted", weights: {} } },
      aliases: { a: "b", b: "openai" },
      tiers: { premium: ["anthrpic/x"] },
      models: { "opnai/x": {} },
      tenants: { acme: { strategy: "cheep" } },
      referenceModel: "openai/gpt-5.4",
    };
    const said = ["opnai", "gemni", "orderd", "mistrl", "wieghted", "aliases.a", "anthrpic", "models.opnai/x", "cheep"];
    for (const name of said) expect(() => checkRoutingSettings(wrong, all)).toThrow(name);
    expect(checkRoutingSettings({ ...settings, fallbacks: ["gemini"], referenceModel: "openai/gpt-5.4" }, all)).toEqual({
      provider: "openai",
      model: "gpt-5.4",
    });
  });
});
