// ./nocp route: the candidates of a request, without a call.
import { Readable } from "node:stream";
import { runProgram } from "@nocp/cli/program.ts";
import { routingStrategies } from "@nocp/llm-router/routing/strategy-table.ts";
import { expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";

const keys = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };

async function run(argv: readonly string[], request: object = {}) {
  const written = writtenEnvironment({ variables: keys, stdin: Readable.from([JSON.stringify(request)]) });
  await runProgram(["route", ...argv], { environment: written.environment, version: "1" });
  return written.stdout();
}

const image = { type: "image", url: "https://example.com/a.png" };
const candidates = [
  { provider: "openai", model: "gpt-3.5-turbo" },
  { provider: "anthropic", model: "claude-haiku-4-5" },
  { provider: "openai", model: "gpt-4o" },
  { provider: "gemini", model: "gemini-2.5-pro" },
];

test("explain prints the order, the reasons, and who is left out", async () => {
  const request = { query: "What is in it?", parts: [image], routing: { candidates, strategy: "lowest-cost" } };
  const route = JSON.parse(await run(["explain", "-", "--json"], request));
  expect(route).toMatchObject({ strategy: "lowest-cost", isRepeatable: true, inputTokens: expect.any(Number) });
  expect(route.candidates.map(({ place, model, why }: Record<string, unknown>) => [place, model, why])).toEqual([
    [1, "claude-haiku-4-5", expect.stringMatching(/^about \$0\.00/)],
    [2, "gpt-4o", expect.stringMatching(/^about \$0\.00/)],
    [null, "gpt-3.5-turbo", "takes no image parts"],
    [null, "gemini-2.5-pro", "not configured"],
  ]);
  const text = await run(["explain", "-"], request);
  expect(text).toMatch(/^anthropic\/claude-haiku-4-5 by lowest-cost: about \$0\.00/);
  expect(text).toContain("left out: takes no image parts");
});

test("explain applies the settings, and says when another request may have another order", async () => {
  const groups = JSON.stringify({ chat: { candidates: ["openai", "anthropic"], strategy: "weighted" } });
  const text = await run(["explain", "-", "--set", `router.groups=${groups}`], { query: "Hello?", routing: { model: "chat" } });
  expect(text).toContain("weight 1 of 2");
  expect(text).toContain("other requests may have another order");
});

test("explain fails for a request without a candidate as llm-router would", async () => {
  await expect(run(["explain", "-"], { query: "Hello?", routing: { tier: "premium" } })).rejects.toMatchObject({
    code: "NO_PROVIDER",
    advice: "Name some in router.tiers.premium.",
  });
});

test("models lists what the settings name, with what is known of it", async () => {
  const models = JSON.parse(await run(["models", "--json", "--set", 'router.tiers={"premium":["openai/gpt-4o"]}']));
  const gpt = models.find(({ model }: { model: string }) => model === "gpt-4o");
  expect(gpt).toMatchObject({
    isConfigured: true,
    tier: "premium",
    contextTokens: 128_000,
    outputTokens: 16_384,
    inputUsdPerMillion: 2.5,
    outputUsdPerMillion: 10,
  });
  expect(await run(["models"])).toContain("anthropic/claude-haiku-4-5");
});

test("strategies lists them all", async () => {
  const printed = await run(["strategies"]);
  for (const { name } of routingStrategies) expect(printed).toContain(name);
});
