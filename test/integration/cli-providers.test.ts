// ./nocp providers: what the replicas know of models, as a table and as JSON.
import { runProgram } from "@nocp/cli/program.ts";
import { breakerStateSchema, closedState } from "@nocp/llm-router/breakers/breaker-state.ts";
import { configuredState, quotaStateSchema } from "@nocp/llm-router/quotas/quota-state.ts";
import { expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const queue = useTestQueue();

async function providers(...args: string[]): Promise<string> {
  const variables = { NATS_URL: queue.server.url, OPENAI_API_KEY: "sk-test", COLUMNS: "180" };
  const written = writtenEnvironment({ root: projectRoot, variables });
  await runProgram(["providers", ...args], { environment: written.environment, version: "0" });
  return written.stdout();
}

test("the table shows breakers, their calls, and quotas", async () => {
  const now = Date.now();
  const breakers = await queue.broker.sharedState("breakers", breakerStateSchema);
  const quotas = await queue.broker.sharedState("quotas", quotaStateSchema);
  const open = {
    ...closedState(now),
    ...{ phase: "open" as const, period: 1, until: now + 60_000, openings: 1, reason: "12 of 20 calls failed" },
    changes: [{ to: "open" as const, at: now - 200_000, reason: "12 of 20 calls failed" }],
  };
  const closed = { ...closedState(now), counts: { one: { calls: 30, failures: 1, slow: 2, at: now } } };
  await breakers.change("anthropic/claude", () => ({ next: open, result: undefined }));
  await breakers.change("openai/gpt-x", () => ({ next: closed, result: undefined }));
  await quotas.change("openai/gpt-x", () => ({ next: configuredState({ requestsPerMinute: 600 }, now), result: undefined }));

  const rows = JSON.parse(await providers("--json")) as { provider: string; model: string }[];
  expect(rows).toContainEqual({
    ...{ provider: "anthropic", model: "claude", breaker: "open", calls: 0, failures: 0, slow: 0 },
    ...{ openUntil: now + 60_000, reason: "12 of 20 calls failed", changes: open.changes },
  });
  expect(rows.find(({ model }) => model === "gpt-x")).toMatchObject({
    breaker: "closed",
    calls: 30,
    failures: 1,
    slow: 2,
    quota: { source: "configured", requestsPerMinute: 570 },
  });
  // Configured, and not called lately.
  expect(rows.filter(({ provider }) => provider === "openai").length).toBe(2);
  const table = await providers();
  for (const text of [
    /open for/,
    /12 of 20/,
    /opened 3 min ago/,
    /gpt-x +│ closed +│ +│ +30 │ +1 │ +2 │ 570 requests/,
    /not called/,
  ])
    expect(table).toMatch(text);
});
