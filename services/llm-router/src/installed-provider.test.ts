import { pricingOfModel } from "@nocp/models/prices/model-prices.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { describe, expect, test } from "vitest";
import { installedProviders } from "../../../test/fixtures/llm-router-fixtures.ts";
import { installProviders } from "./installed-provider.ts";
import { firstCandidate } from "./route.ts";

const servers = (value: object) => ({ "providers.openai-compatible.servers": JSON.stringify(value) });
const settings = { provider: "", preference: [] };

describe("accounts that the settings name", () => {
  const accounts = {
    "providers.openai.apiKey": "sk-1",
    "providers.openai.accounts": '{"second":{},"eu":{"baseUrl":"https://eu.example/v1"}}',
  };

  test("are providers of the same models, configured when they have a key", () => {
    const providers = installedProviders({ ...accounts, "providers.openai.accountKeys": '{"second":"sk-2"}' });
    const own = providers.filter(({ name }) => name.startsWith("openai") && name !== "openai-compatible");
    expect(own.map(({ name, configured, accountOf }) => [name, configured, accountOf])).toEqual([
      ["openai", true, undefined],
      ["openai@second", true, "openai"],
      ["openai@eu", false, "openai"],
    ]);
    expect(own[2]!.howToConfigure).toContain("providers.openai.accountKeys");
  });

  test("with a name that no route could write are refused at the start", () => {
    expect(() => installedProviders({ "providers.openai.accounts": '{"A b":{}}' })).toThrow("providers.openai.accounts");
  });
});

test("prices of router.models are those of the provider, and half a price is refused", () => {
  const config = loadConfig([routerSection, ...vendors.map(({ section }) => section)], {
    flags: { "router.models": '{"openai/gpt-4o":{"inputUsdPerMillion":1,"outputUsdPerMillion":2}}' },
  });
  const installed = installProviders(vendors, config, () => ({ fetch }), config.section(routerSection).models);
  const prices = { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 2 };
  expect(pricingOfModel(installed.find(({ name }) => name === "openai")!.pricing, "gpt-4o")).toEqual(prices);
  const half = { flags: { "router.models": '{"openai/gpt-4o":{"inputUsdPerMillion":1}}' } };
  expect(() => loadConfig([routerSection], half)).toThrow("a price needs inputUsdPerMillion and outputUsdPerMillion");
});

describe("servers that the settings name", () => {
  test("are providers of a route, with what their vendor is known for", () => {
    const providers = installedProviders(
      servers({ fast: { vendor: "groq", model: "llama-3.3-70b-versatile" }, deep: { vendor: "deepseek" } }),
    );
    expect(providers.find(({ name }) => name === "fast")).toMatchObject({
      configured: true,
      pricing: { kind: "table", vendor: "groq" },
    });
    const first = (routing: { provider?: string; model?: string }) => firstCandidate(routing, providers, settings);
    expect(first({ model: "fast/openai/gpt-oss-120b" })).toEqual({ provider: "fast", model: "openai/gpt-oss-120b" });
    expect(first({ provider: "fast" })).toEqual({ provider: "fast", model: "llama-3.3-70b-versatile" });
    expect(() => first({ provider: "deep" })).toThrow("names no model");
  });

  test("take prices from the settings before the table, a cached one included", () => {
    const prices = { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 8 };
    const [own] = installedProviders(servers({ own: { vendor: "mistral", ...prices } })).filter(({ name }) => name === "own");
    expect(own?.pricing).toEqual({ kind: "set", ...prices });
  });

  test.each([
    ["the name of a vendor", { openai: { vendor: "groq" } }, "provider openai already"],
    ["a vendor that is not known", { a: { vendor: "unheard-of" } }, "providers.openai-compatible.servers"],
    ["a name that no route could write", { "A/b": { vendor: "groq" } }, "providers.openai-compatible.servers"],
    ["a setting that does not exist", { a: { url: "http://x" } }, "providers.openai-compatible.servers"],
  ])("with %s are refused at the start", (_what, value, problem) => {
    expect(() => installedProviders(servers(value))).toThrow(problem);
  });

  test("without an address are not configured", () => {
    const [own] = installedProviders(servers({ own: { vendor: "vllm", model: "m" } })).filter(({ name }) => name === "own");
    expect(own).toMatchObject({ configured: false, howToConfigure: expect.stringContaining("servers.own") });
  });

  test("keep their keys out of what is shown", () => {
    const flags = { "providers.openai-compatible.serverKeys": '{"own":"sk-1"}' };
    const { entries } = loadConfig(
      vendors.map(({ section }) => section),
      { flags },
    );
    expect(entries.find(({ path }) => path.endsWith("serverKeys"))?.setting.secret).toBe(true);
  });
});
