// Routes over real connections: accounts, strategies and what the result says of them, with scripted vendors.
import type { Route } from "@nocp/contracts/route.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import type { RoutingSettings } from "@nocp/llm-router/routing/candidate-groups.ts";
import { createRouting } from "@nocp/llm-router/routing/create-routing.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeContext, installedProviders, optimizedMessage } from "../fixtures/llm-router-fixtures.ts";
import { completionIn, routerOf } from "../fixtures/llm-router-handler.ts";
import { type ChatVendor, startChatVendor, type VendorAnswer } from "../servers/chat-vendor.ts";

let vendors: Record<"main" | "second" | "other", ChatVendor>;
beforeAll(async () => {
  const [main, second, other] = await Promise.all([startChatVendor(), startChatVendor(), startChatVendor()]);
  vendors = { main, second, other };
});
afterAll(async () => {
  await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
});

const says = (text: string) => (): VendorAnswer => ({ text: [text] });
const fails = (status: number) => (): VendorAnswer => ({ status });
beforeEach(() => {
  for (const [name, vendor] of Object.entries(vendors)) vendor.answer(says(`I am ${name}.`));
});

function startRouter(settings: Partial<RoutingSettings>) {
  const providers = installedProviders({
    "providers.openai.apiKey": "sk-main",
    "providers.openai.dialect": "chat",
    "providers.openai.baseUrl": vendors.main.baseUrl,
    "providers.openai.accounts": JSON.stringify({ second: { baseUrl: vendors.second.baseUrl } }),
    "providers.openai.accountKeys": '{"second":"sk-second"}',
    "providers.openai-compatible.servers": JSON.stringify({
      other: { baseUrl: vendors.other.baseUrl, model: "small", inputUsdPerMillion: 0.01, outputUsdPerMillion: 0.01 },
    }),
  });
  const all = { ...defaultsOf(routerSection), ...settings };
  const { handle } = routerOf(providers, {}, { routing: createRouting({ providers, settings: all, read: defaultsOf }) });
  return async (routing: Parameters<typeof optimizedMessage>[0]["routing"] = {}) => {
    const { completion, route, spent } = completionIn(await handle(optimizedMessage({ routing }), fakeContext()));
    return { answer: completion.text, provider: completion.provider, route: route as Route, attempts: spent.attempts };
  };
}

const callsOf = (vendor: ChatVendor) => vendor.calls.length;

describe("the accounts of a provider", () => {
  test("answer for each other with the same model, after one more try at the first", async () => {
    const ask = startRouter({ fallbacks: ["other"] });
    vendors.main.answer(fails(500));
    const before = callsOf(vendors.main);
    const asked = await ask({ provider: "openai", model: "gpt-4o" });
    expect(asked).toMatchObject({ answer: "I am second.", provider: "openai@second" });
    expect(callsOf(vendors.main) - before).toBe(2);
    expect(vendors.second.calls.at(-1)!.body).toMatchObject({ model: "gpt-4o" });
    expect(asked.route.candidates.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["openai", "failed"],
      ["openai@second", "answered"],
      ["other", "spare"],
    ]);
  });

  test("are passed over for another model where the request says so", async () => {
    const ask = startRouter({ fallbacks: ["other"] });
    vendors.main.answer(fails(500));
    const fallback = { sameModel: false, otherModel: true, filtered: false };
    const asked = await ask({ provider: "openai", model: "gpt-4o", fallback });
    expect(asked).toMatchObject({ answer: "I am other.", attempts: [{ provider: "openai" }, { provider: "other" }] });
  });

  test("share the work under a strategy that balances", async () => {
    const ask = startRouter({ strategy: "round-robin" });
    const providers = [];
    for (let request = 0; request < 4; request++) providers.push((await ask({ provider: "openai", model: "gpt-4o" })).provider);
    expect(providers).toEqual(["openai", "openai@second", "openai", "openai@second"]);
  });
});

test("lowest-cost asks the cheapest, and the next one when it fails", async () => {
  const ask = startRouter({ groups: { chat: { candidates: ["openai/gpt-4o", "other"], strategy: "lowest-cost", weights: {} } } });
  expect((await ask({ model: "chat" })).answer).toBe("I am other.");
  vendors.other.answer(fails(401));
  const asked = await ask({ model: "chat" });
  expect(asked.answer).toBe("I am main.");
  expect(asked.route.line).toMatch(/^openai\/gpt-4o by lowest-cost: about \$0\.00\d+; other\/small failed \(PROVIDER_AUTH\)$/);
});

test("lowest-latency leaves a slow candidate alone once it has been seen", async () => {
  const ask = startRouter({ strategy: "lowest-latency" });
  vendors.main.answer(() => ({ text: ["I", " am", " main."], pauseMs: 400 }));
  const candidates = [
    { provider: "openai", model: "gpt-4o" },
    { provider: "other", model: "small" },
  ];
  for (let request = 0; request < 3; request++) await ask({ candidates });
  const before = callsOf(vendors.main);
  vendors.main.answer(fails(500));
  for (let request = 0; request < 6; request++) await ask({ candidates });
  expect(callsOf(vendors.main) - before).toBeLessThanOrEqual(2);
});

test("a request beside another goes to the other account under least-busy", async () => {
  const ask = startRouter({ strategy: "least-busy" });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const slow = (name: string) => async (): Promise<VendorAnswer> => {
    await released;
    return { text: [`I am ${name}.`] };
  };
  vendors.main.answer(slow("main"));
  vendors.second.answer(slow("second"));
  const before = [callsOf(vendors.main), callsOf(vendors.second)] as const;
  const calls = () => [callsOf(vendors.main) - before[0], callsOf(vendors.second) - before[1]];
  const first = ask({ provider: "openai", model: "gpt-4o" });
  await vi.waitFor(() => expect(calls().toSorted()).toEqual([0, 1]), { timeout: 30_000 });
  const second = ask({ provider: "openai", model: "gpt-4o" });
  await vi.waitFor(() => expect(calls()).toEqual([1, 1]), { timeout: 30_000 });
  release();
  expect([await first, await second].map(({ provider }) => provider).toSorted()).toEqual(["openai", "openai@second"]);
});
