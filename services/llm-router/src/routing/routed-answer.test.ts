import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { usualCapabilities, withRule } from "@nocp/models/capabilities.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import type { Emission } from "@nocp/runtime/stage/handler.ts";
import { describe, expect, it } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, delayed, rejection, routerOf } from "../../../../test/fixtures/llm-router-handler.ts";
import { defineRoutingStrategy, type ObservedCall } from "../routing-strategy.ts";
import { createRouting } from "./create-routing.ts";

describe("the route of a result", () => {
  const fallbacks = [
    { provider: "second", model: "m" },
    { provider: "third", model: "m" },
  ];
  it("says who was considered, who answered and why, in one line and as data", async () => {
    const { handle } = routerOf([
      scriptedProvider("first", [vendorError(401)]),
      scriptedProvider("second", [{}]),
      scriptedProvider("third", []),
    ]);
    const { route } = completionIn(await handle(optimizedMessage({ routing: { fallbacks } }), fakeContext()));
    expect(route).toEqual({
      strategy: "ordered",
      line: "second/m by ordered: fallback 1; first/first-model failed (PROVIDER_AUTH)",
      candidates: [
        { provider: "first", model: "first-model", outcome: "failed", why: "PROVIDER_AUTH" },
        { provider: "second", model: "m", outcome: "answered", why: "fallback 1" },
        { provider: "third", model: "m", outcome: "spare", why: "fallback 2" },
      ],
    });
  });

  it("names those who were passed over for their price", async () => {
    const dear = scriptedProvider("first", [], {
      pricing: { kind: "set", inputUsdPerMillion: 1e6, outputUsdPerMillion: 1 },
    });
    const { handle } = routerOf([dear, scriptedProvider("second", [{}], { pricing: { kind: "free" } })]);
    const request = { routing: { fallbacks: fallbacks.slice(0, 1) }, limits: { maxCostUsd: 0.01 } };
    const { route } = completionIn(await handle(optimizedMessage(request), fakeContext()));
    expect(route?.candidates[0]).toEqual({
      provider: "first",
      model: "first-model",
      outcome: "skipped",
      why: "COST_CAP_EXCEEDED",
    });
    expect(route?.line).toContain("first/first-model skipped (COST_CAP_EXCEEDED)");
  });

  it("is told of a request that nobody answered, too", async () => {
    const { handle } = routerOf([scriptedProvider("first", [vendorError(401)]), scriptedProvider("second", [vendorError(401)])]);
    const context = fakeContext();
    await rejection(handle(optimizedMessage({ routing: { fallbacks: fallbacks.slice(0, 1) } }), context));
    expect(context.routes).toEqual([
      {
        strategy: "ordered",
        line: "nobody answered; first/first-model failed (PROVIDER_AUTH); second/m failed (PROVIDER_AUTH)",
        candidates: [
          { provider: "first", model: "first-model", outcome: "failed", why: "PROVIDER_AUTH" },
          { provider: "second", model: "m", outcome: "failed", why: "PROVIDER_AUTH" },
        ],
      },
    ]);
  });

  it("is the same when the answer is redelivered", async () => {
    const { handle, completions } = routerOf([scriptedProvider("first", [{}])]);
    const [sent] = await delayed(handle(optimizedMessage({}), fakeContext()) as Promise<readonly Emission[]>);
    expect(completions.entries.size).toBe(1);
    const [again] = await handle(optimizedMessage({}), fakeContext({ attempt: 2 }));
    expect(completionIn([again!]).route).toEqual(completionIn([sent!]).route);
  });
});

it("a model is not asked for more output than it writes", async () => {
  const provider = scriptedProvider("first", [{}], {
    capabilities: { defaults: withRule(usualCapabilities, { limits: { outputTokens: 100 } }), models: [] },
  });
  await routerOf([provider]).handle(optimizedMessage({}), fakeContext());
  expect(provider.calls[0]!.maxOutputTokens).toBe(100);
});

it("strategies hear how each call ended", async () => {
  const providers = [scriptedProvider("first", [vendorError(401)]), scriptedProvider("second", [{}])];
  const heard: ObservedCall[] = [];
  const learning = defineRoutingStrategy({
    name: "ordered",
    description: "In order, and listens.",
    isRepeatable: true,
    start: () => ({
      order: ({ candidates }) => candidates.map((candidate) => ({ candidate, why: "in order" })),
      observe: (call) => void heard.push(call),
    }),
  });
  const settings = { ...defaultsOf(routerSection), preference: ["first"] };
  const routing = createRouting({ providers, settings, read: defaultsOf, strategies: [learning] });
  const fallbackRouting = { fallbacks: [{ provider: "second", model: "m" }] };
  await routerOf(providers, {}, { routing }).handle(optimizedMessage({ routing: fallbackRouting }), fakeContext());
  expect(heard).toMatchObject([
    { candidate: { provider: "first" }, hasAnswered: false },
    { candidate: { provider: "second", model: "m" }, hasAnswered: true, latencyMs: expect.any(Number) },
  ]);
});
