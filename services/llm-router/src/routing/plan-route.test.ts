import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { usualCapabilities, withRule } from "@nocp/models/capabilities.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { describe, expect, test } from "vitest";
import {
  plannedRoute,
  type RouteQuestion,
  routeRequest,
  scriptedProvider,
} from "../../../../test/fixtures/llm-router-fixtures.ts";
import type { InstalledProvider } from "../installed-provider.ts";
import type { RoutingSettings } from "./candidate-groups.ts";
import { createRouting } from "./create-routing.ts";

type Parts = Partial<(typeof usualCapabilities)["parts"]>;
const table = (parts: Parts, contextTokens = 0) => ({
  defaults: withRule(usualCapabilities, { parts, limits: { contextTokens } }),
  models: [],
});
const provider = (name: string, more: Partial<InstalledProvider> = {}) =>
  scriptedProvider(name, [], { defaultModel: "m", ...more });
const priced = (usd: number) => ({ pricing: { kind: "set", inputUsdPerMillion: usd, outputUsdPerMillion: usd } }) as const;

const cheap = provider("cheap", priced(0.1));
const middle = provider("middle", priced(3));
const dear = provider("dear", priced(30));
const blind = provider("blind", { ...priced(0.01), capabilities: table({ images: "refused" }) });
const vague = provider("vague", { ...priced(0.02), capabilities: table({ outputSchema: "dropped" }) });
const small = provider("small", { ...priced(0.03), capabilities: table({}, 1_000) });
const second = provider("dear@second", { ...priced(30), accountOf: "dear" });
const all = [cheap, middle, dear, second, blind, vague, small];

const settings = {
  ...defaultsOf(routerSection),
  preference: ["cheap", "middle", "dear"],
  groups: {
    chat: { candidates: ["middle", "cheap", "blind"], strategy: "lowest-cost", weights: {} },
    shares: { candidates: ["cheap", "middle"], strategy: "weighted", weights: { middle: 1e9 } },
  },
  aliases: { "gpt-4": "dear/m", usual: "chat" },
  tiers: { premium: ["dear"] },
};
const plan = (question: RouteQuestion = {}, more: Partial<RoutingSettings> = {}) =>
  plannedRoute(all, { ...settings, ...more }, question);
const called = (...asked: Parameters<typeof plan>) => plan(...asked).candidates.map(({ provider }) => provider);

describe("names", () => {
  test.each<[string, RouteQuestion["routing"], string[]]>([
    ["a group, in the order of its strategy", { model: "chat" }, ["blind", "cheap", "middle"]],
    ["an alias of a model, with its accounts", { model: "gpt-4" }, ["dear", "dear@second"]],
    ["an alias of a group", { model: "usual" }, ["blind", "cheap", "middle"]],
    ["an account, and no other", { provider: "dear@second", model: "m" }, ["dear@second"]],
    ["a tier that the settings list", { tier: "premium" }, ["dear", "dear@second"]],
    ["a tier of prices", { tier: "economy" }, ["cheap", "blind", "vague", "small"]],
    [
      "candidates of its own, in the order of its strategy",
      {
        candidates: [
          { provider: "middle", model: "m" },
          { provider: "cheap", model: "m" },
        ],
        strategy: "lowest-cost",
      },
      ["cheap", "middle"],
    ],
  ])("of a request may be %s", (_what, routing, expected) => {
    expect(called({ routing: routing! })).toEqual(expected);
  });

  test("of fallbacks may be groups", () => {
    expect(called({ routing: { model: "gpt-4" } }, { fallbacks: ["chat"] })).toEqual([
      "dear",
      "dear@second",
      "blind",
      "cheap",
      "middle",
    ]);
  });

  test("that are missing stand for all when a strategy is to choose, and for one otherwise", () => {
    expect(called()).toEqual(["cheap"]);
    expect(called({ routing: { strategy: "lowest-cost" } }, { tiers: {} })).toEqual([
      "blind",
      "vague",
      "small",
      "cheap",
      "middle",
      "dear",
      "dear@second",
    ]);
    expect(called({ routing: { strategy: "lowest-cost" } })).toEqual(["dear", "dear@second"]);
  });

  test("of a tier without candidates are an error that says what to set", () => {
    expect(() => called({ routing: { tier: "local" } })).toThrow(
      expect.objectContaining({ code: "NO_PROVIDER", advice: expect.stringContaining("router.tiers.local") }),
    );
  });
});

describe("the strategy", () => {
  const both = {
    candidates: [
      { provider: "middle", model: "m" },
      { provider: "cheap", model: "m" },
    ],
  };
  test("is the request's, the group's, the tenant's or the deployment's, in this order", () => {
    const tenants = { acme: { strategy: "lowest-cost" } };
    const strategies = (...asked: Parameters<typeof plan>) => plan(...asked).strategy;
    expect(strategies({ routing: { ...both, strategy: "sticky" }, tenant: "acme" }, { tenants })).toBe("sticky");
    expect(strategies({ routing: { model: "shares" }, tenant: "acme" }, { tenants })).toBe("weighted");
    expect(strategies({ routing: both, tenant: "acme" }, { tenants })).toBe("lowest-cost");
    expect(strategies({ routing: both }, { tenants, strategy: "round-robin" })).toBe("round-robin");
    expect(strategies({ routing: both }, { tenants })).toBe("ordered");
  });

  test("of a tenant comes with its model and its fallbacks", () => {
    const tenants = { acme: { model: "gpt-4", fallbacks: ["middle"] } };
    expect(called({ tenant: "acme" }, { tenants })).toEqual(["dear", "dear@second", "middle"]);
    expect(called({ tenant: "other" }, { tenants })).toEqual(["cheap"]);
  });

  test("heeds the weights of its group", () => {
    for (let run = 0; run < 20; run++) expect(called({ routing: { model: "shares" } })[0]).toBe("middle");
  });

  test("that is not repeatable stays with whoever answered the step before", () => {
    const previous = { provider: "cheap", model: "m" };
    const { candidates } = plan({ routing: { model: "shares" }, previous });
    expect(candidates[0]).toEqual({ ...previous, why: "answered the step before" });
    expect(called({ routing: { model: "chat" }, previous })[0]).toBe("blind");
  });

  test("makes a route uncertain only where it has a choice", () => {
    expect(plan({ routing: { model: "shares" } }).isRepeatable).toBe(false);
    expect(plan({ routing: { provider: "cheap", strategy: "weighted" } }).isRepeatable).toBe(true);
  });
});

describe("who cannot take the call", () => {
  test("is left out, and the reason says what is missing", () => {
    const route = plan({ routing: { model: "chat" }, parts: ["images"] });
    expect(route.candidates.map(({ provider }) => provider)).toEqual(["cheap", "middle"]);
    expect(route.unfit).toEqual([{ provider: "blind", model: "m", why: "takes no image parts", isTooSmall: false }]);
  });

  test("is one whose window is too small, by the tables or the settings", () => {
    const routing = {
      candidates: [
        { provider: "small", model: "m" },
        { provider: "cheap", model: "m" },
      ],
    };
    expect(called({ routing, inputTokens: 999 })).toEqual(["small", "cheap"]);
    expect(plan({ routing, inputTokens: 1_000 }).unfit).toEqual([
      { provider: "small", model: "m", why: "its window of 1000 tokens is too small for 1000", isTooSmall: true },
    ]);
    const elsewhere = { ...routing, regions: ["eu"] };
    const europe = { cheap: { region: "eu" } };
    expect(plan({ routing: elsewhere, inputTokens: 1_000 }, { models: europe }).unfit[0]?.isTooSmall).toBe(false);
    const models = { "small/m": { contextTokens: 5_000 }, cheap: { contextTokens: 100 } };
    expect(called({ routing, inputTokens: 1_000 }, { models })).toEqual(["small"]);
  });

  test("is one in another region, even when nobody is left", () => {
    const models = { middle: { region: "eu" }, cheap: { region: "us" } };
    expect(called({ routing: { model: "chat", regions: ["eu", "ch"] } }, { models })).toEqual(["middle"]);
    expect(() => called({ routing: { model: "chat", regions: ["jp"] } }, { models })).toThrow(
      /runs in us.*its region is not known/,
    );
  });

  test("is called all the same when nobody else can, for counts are estimates and tables may be behind", () => {
    expect(called({ routing: { provider: "small" }, inputTokens: 5_000 })).toEqual(["small"]);
    expect(called({ routing: { provider: "blind" }, parts: ["images"] })).toEqual(["blind"]);
  });

  test("is told apart from who drops a part of the call: that one comes after those who take all of it", () => {
    const candidates = [vague, middle].map(({ name }) => ({ provider: name, model: "m" }));
    const { candidates: placed } = plan({ routing: { candidates, strategy: "lowest-cost" }, parts: ["outputSchema"] });
    expect(placed.map(({ provider }) => provider)).toEqual(["middle", "vague"]);
    expect(placed[1]!.why).toContain("only told of output.schema");
    expect(called({ routing: { candidates, strategy: "lowest-cost" } })).toEqual(["vague", "middle"]);
  });

  test("is one that a filter of the moment leaves out, unless that leaves nobody", () => {
    const filtered = (out: readonly string[]) =>
      createRouting({
        providers: all,
        settings,
        read: defaultsOf,
        filters: [({ provider }) => (out.includes(provider) ? "its circuit is open" : undefined)],
      }).plan(routeRequest({ routing: { model: "chat" } }));
    expect(filtered(["blind"]).candidates.map(({ provider }) => provider)).toEqual(["cheap", "middle"]);
    expect(filtered(["blind"]).unfit).toEqual([{ provider: "blind", model: "m", why: "its circuit is open", isTooSmall: false }]);
    expect(filtered(["blind", "cheap", "middle"]).candidates).toHaveLength(3);
    expect(filtered([]).isRepeatable).toBe(false);
  });

  test("is an error when nobody is configured", () => {
    const nobody = all.map((one) => ({ ...one, configured: false }));
    expect(() => plannedRoute(nobody, settings, { routing: { model: "chat" } })).toThrow(NocpError);
    expect(() => plannedRoute(nobody, settings, { routing: { model: "chat" } })).toThrow(
      /no candidate is left: middle\/m not configured/,
    );
  });
});

describe("what may take the place of a candidate that failed", () => {
  const wishes = (fallback: { sameModel?: boolean; otherModel?: boolean }) =>
    called({
      routing: {
        provider: "dear",
        fallbacks: [{ provider: "cheap", model: "m" }],
        fallback: { sameModel: true, otherModel: true, smaller: true, filtered: false, ...fallback },
      },
    });
  test("is the same model through another account, then other models; each can be turned off", () => {
    expect(wishes({})).toEqual(["dear", "dear@second", "cheap"]);
    expect(wishes({ sameModel: false })).toEqual(["dear", "cheap"]);
    expect(wishes({ otherModel: false })).toEqual(["dear", "dear@second"]);
    expect(wishes({ sameModel: false, otherModel: false })).toEqual(["dear"]);
  });
});
