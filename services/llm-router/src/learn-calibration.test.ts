// What llm-router takes from a provider's bill to count better: once for each call, and only what the provider itself said.

import { expect, test } from "vitest";
import {
  characterCounter,
  fakeContext,
  memoryRecords,
  optimizedMessage,
  promptOf,
  scriptedProvider,
  testRouting,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import type { CompletionRecord } from "./completion-record.ts";
import { createHandler } from "./handle.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import type { BilledPrompt } from "./learn-calibration.ts";

const counting = { model: "first-model", shape: "plain", factor: 1.2 };

function routerOf(provider: InstalledProvider) {
  const observed: BilledPrompt[] = [];
  const handle = createHandler({
    calibration: { observe: (prompt) => void observed.push(prompt) },
    providers: [provider],
    completions: memoryRecords<CompletionRecord>(),
    routing: testRouting([provider], { preference: ["first"] }),
    settings: {
      degradedAnswers: false,
      maxToolRounds: 2,
      maxOutputTokens: 500,
      maxQuotaWaitMs: 100,
      maxBatchQuotaWaitMs: 100,
    },
    promptCache: { mode: "auto", ttl: "5m" },
    reference: { provider: "first", model: "reference" },
    recordContent: false,
    quotas: { turn: async () => ({ kind: "turn", done: () => undefined }) },
    random: () => 0.5,
    wait: async (_delayMs, signal) => signal.throwIfAborted(),
    checkSchema: async () => undefined,
    counterFor: () => characterCounter,
    maxAttempts: 5,
  });
  return { handle, observed };
}

test("a bill is learned from once, with what was counted and by whom", async () => {
  const { handle, observed } = routerOf(scriptedProvider("first", [{}]));
  const message = optimizedMessage({}, { counting });
  await handle(message, fakeContext());
  await handle(message, fakeContext({ attempt: 2, stored: ["completion.received"] }));
  expect(observed).toEqual([{ model: "first-model", counting, countedTokens: 400, billedTokens: 400 }]);
});

test("a provider that says nothing is nothing to learn from", async () => {
  const { handle, observed } = routerOf(scriptedProvider("first", [{ usage: null }]));
  await handle(optimizedMessage({}, { counting }), fakeContext());
  expect(observed).toEqual([]);
});

test.each([
  ["an image", { parts: [{ type: "image", url: "https://example.com/a.png" }] }],
  ["reasoning that only its vendor can read", { reasoning: [{ vendor: "first", data: { encrypted: "…" } }] }],
])("%s in the prompt is estimated, so its bill is no lesson about text", async (_what, more) => {
  const { handle, observed } = routerOf(scriptedProvider("first", [{}]));
  const prompt = promptOf("What is this?", { history: [{ role: "user", text: "See here.", ...more }] as never });
  await handle(optimizedMessage({}, { counting, prompt }), fakeContext());
  expect(observed).toEqual([]);
});
