// Large contexts in worker threads of assess: nobody waits for one that hangs, and it ends when its request does.
import { defaultBudgetRules } from "@nocp/assess/budget.ts";
import { createCompressor } from "@nocp/assess/compress.ts";
import { createContextMarks } from "@nocp/assess/context-mark.ts";
import { createHandler } from "@nocp/assess/handle.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { pooledWork } from "@nocp/assess/workers/context-work.ts";
import { contextOptimizedSchema } from "@nocp/contracts/messages.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { largeSize } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../fixtures/test-host.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();
const defaultModel = "gpt-4o";
const counterFor = (model: string = defaultModel) => createTokenCounter(model);
const own = { strategies: await loadStrategies(), counterFor, defaultModel };

let host: TestHost;
/** act and assess as services of this process, assess with one thread. */
beforeEach(async () => {
  await queue.start("act", emptyToolsCompleted);
  host = createTestHost({ NATS_URL: queue.server.url });
  await runStageService(
    defineStageService({
      stage: "assess",
      sections: [],
      create: async ({ archive, onRelease }) => {
        const script = new URL("../fixtures/stuck-context-worker.ts", import.meta.url);
        const workerData = { defaultModel, rules: defaultBudgetRules };
        const pool = createWorkerPool({ script, size: 1, memoryMiB: 96, idleMs: 60_000, workerData });
        onRelease(pool.close);
        return createHandler({
          work: pooledWork({ ...own, compressor: createCompressor(own), pool, services: {} }),
          ...{ counterFor, defaultModel, lastMessages: 10, expectedTurns: 1, prefixCacheMs: 0, archive },
          contextMarkFor: createContextMarks("secret"),
        });
      },
    }),
    host,
  );
});
afterEach(async () => {
  host.sendStopSignal();
  await host.exited;
});

const large = (text = "The harbour office opens at 06:30. "): string => text.repeat(Math.ceil((2 * largeSize) / text.length));
const submit = async (query: string, text: string, rest: Partial<NocpRequestInput> = {}): Promise<string> =>
  (await queue.client.submit({ query, documents: [{ text }], ...rest })).requestId;
const optimized = () => queue.messagesIn("NOCP_LLM_ROUTER");
const isOptimized = (count: number) => waitFor(async () => (await optimized()) === count, `${count} contexts`);
const lastOptimized = async () => {
  const { state } = await queue.broker.manager.streams.info("NOCP_LLM_ROUTER");
  const message = await queue.broker.manager.streams.getMessage("NOCP_LLM_ROUTER", { seq: state.last_seq });
  return contextOptimizedSchema.parse(message?.json());
};
const port = () => host.log.find(({ msg }) => msg === "running")?.port;

describe("a large context that hangs", () => {
  test("holds up neither small ones nor /healthz, ends when it is cancelled, and the next one gets a new thread", async () => {
    const stuck = await submit("hang", large());
    for (let at = 0; at < 5; at++) await submit("When does it open?", "The harbour office opens at 06:30.");
    await isOptimized(5);
    expect((await fetch(`http://127.0.0.1:${port()}/healthz`)).status).toBe(200);
    const next = await submit("When does it open?", large());
    expect(await queue.client.cancel(stuck)).toMatchObject({ status: "failed", error: { code: "CANCELLED" } });
    await isOptimized(6);
    expect((await lastOptimized()).requestId).toBe(next);
  });

  test("holds up nobody as a tool result of a request without framing", async () => {
    const call = { id: "call-1", name: "read", arguments: {} };
    const messages: NocpRequestInput["messages"] = [
      { role: "user", text: "When does it open?" },
      { role: "assistant", text: "", toolRequests: [call] },
      { role: "tool", text: `hang ${large()}`, toolRequestId: call.id },
    ];
    const stuck = await queue.client.submit({ framing: "none", messages, compression: { mode: "lossless" } });
    for (let at = 0; at < 5; at++) await submit("When does it open?", "The harbour office opens at 06:30.");
    await isOptimized(5);
    expect((await fetch(`http://127.0.0.1:${port()}/healthz`)).status).toBe(200);
    expect(await queue.client.cancel(stuck.requestId)).toMatchObject({ status: "failed", error: { code: "CANCELLED" } });
  });

  test("ends at its deadline", async () => {
    const result = await queue.client.ask({ query: "hang", documents: [{ text: large() }], limits: { timeoutMs: 1500 } });
    expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" } });
    await submit("When does it open?", large());
    await isOptimized(1);
  });
});

test("a large context that takes too much memory is left as it is, with a warning, and others go on", async () => {
  await submit("take all memory", large());
  await isOptimized(1);
  const { warnings, inputTokens } = await lastOptimized();
  expect(warnings).toMatchObject([
    { code: "COMPRESSION_FAILED", message: expect.stringContaining("more than 96 MiB of memory") },
  ]);
  expect(inputTokens.optimized).toBe(inputTokens.raw);
  await submit("When does it open?", large());
  await isOptimized(2);
});

test.each([
  ["unpaired surrogates", "\ud800"],
  ["zero-width blanks", "\u200b"],
  ["dots", "."],
  ["letters without a blank", "x"],
])("200 kB of %s go through beside small requests", async (_what, run) => {
  await submit("When does it open?", large(run));
  for (let at = 0; at < 5; at++) await submit("When does it open?", "The harbour office opens at 06:30.");
  await isOptimized(6);
});
