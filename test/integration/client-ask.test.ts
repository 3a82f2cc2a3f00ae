import { type Client, createClient } from "@nocp/shared/client/create-client.ts";
import { failedResultOf } from "@nocp/shared/contracts/failed-result.ts";
import type { Broker } from "@nocp/shared/messaging/broker.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/shared/testing/nats-test-server.ts";
import { emptyToolsCompleted } from "@nocp/shared/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage, type TestStage, testSettings } from "@nocp/shared/testing/stage-harness.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: NatsTestServer;
let broker: Broker;
let client: Client;
const running: TestStage[] = [];

beforeEach(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  client = await createClient({ natsUrl: server.url, messaging: testSettings() });
});

afterEach(async () => {
  for (const stage of running.splice(0)) await stage.stop();
  await client.close();
  await broker.close();
  await server.stop();
});

describe("the timeout of ask()", () => {
  test("rejects where it is awaited, also when it ends before the request is stored", async () => {
    const ask = client.ask({ query: "too short" }, { timeoutMs: 1 });
    await expect(ask).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  });

  test("bounds a broker that stalls, and so does closing", async () => {
    server.pause();
    const startedAt = performance.now();
    try {
      await expect(client.ask({ query: "stalled" }, { timeoutMs: 300 })).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      await client.close();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    } finally {
      server.resume();
    }
  });

  test("leaves what is wrong with the request to be told", async () => {
    await expect(client.ask({ query: "" }, { timeoutMs: 1_000 })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

describe("watching with ask()", () => {
  test("every stage of the journey is told once before the result is there, however quick it was", async () => {
    running.push(
      await startTestStage(broker, "act", emptyToolsCompleted),
      await startTestStage(broker, "assess", async (message, context) => [
        {
          fact: "response.ready",
          body: failedResultOf({
            requestId: context.requestId,
            lane: context.lane,
            error: { code: "INTERNAL", message: "ends here", stage: "assess" },
            submittedAt: context.submittedAt,
            completedAt: context.now(),
            journey: [
              ...(message.fact === "tools.completed" ? message.body.journey : []),
              { stage: "assess", attempt: context.attempt, queueWaitMs: context.queueWaitMs, workMs: 1 },
            ],
            attempts: [],
            traceId: null,
          }),
        },
      ]),
    );
    const told: string[] = [];
    await client.ask(
      { query: "quick" },
      { timeoutMs: 10_000, watcher: { onStage: (stage, kind, { code }) => told.push(`${stage} ${kind} ${code}`) } },
    );
    expect(told).toEqual(["act stage-completed null", "assess stage-completed INTERNAL"]);
  });
});
