// What llm-router takes from a provider's bill to count better: once for each call, and only what the provider itself said.

import { expect, test } from "vitest";
import {
  fakeContext,
  memoryRecords,
  optimizedMessage,
  promptOf,
  scriptedProvider,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { routerDependencies } from "../../../test/fixtures/llm-router-handler.ts";
import type { CompletionRecord } from "./completion-record.ts";
import { createHandler } from "./handle.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import type { BilledPrompt } from "./learn-calibration.ts";

const counting = { model: "first-model", shape: "plain", factor: 1.2 };

function routerOf(provider: InstalledProvider) {
  const observed: BilledPrompt[] = [];
  const handle = createHandler({
    ...routerDependencies([provider]),
    calibration: { observe: (prompt) => void observed.push(prompt) },
    completions: memoryRecords<CompletionRecord>(),
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
