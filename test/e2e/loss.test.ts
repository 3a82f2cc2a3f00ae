import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LLMock } from "@copilotkit/aimock";
import { createClient } from "@nocp/client/create-client.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { services } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

const REQUESTS = 500;
const MODEL_MS = 100;
const BETWEEN_SUBMISSIONS_MS = 40;
const BETWEEN_KILLS_MS = 3000;

/** Calls of the model server by the number in the question. */
const calls = new Map<string, number>();
let inFlight = 0;
let mock: LLMock;
let deployment: TestDeployment;

beforeAll(async () => {
  mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.onMessage(/Question number/, async (request) => {
    const number = /Question number (\d+)/.exec(JSON.stringify(request.messages))?.[1] ?? "?";
    calls.set(number, (calls.get(number) ?? 0) + 1);
    inFlight += 1;
    await new Promise((resolve) => setTimeout(resolve, MODEL_MS));
    inFlight -= 1;
    return { content: `Answer number ${number}.` };
  });
  await mock.start();
  deployment = await startTestDeployment({
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${mock.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "test-model",
    NOCP_MESSAGING_ACK_WAIT_MS: "3000",
    NOCP_LOG_LEVEL: "error",
  });
});

afterAll(async () => {
  await deployment?.end();
  await mock?.stop();
});

test("500 requests while every service is killed in turn and NATS is restarted: 500 results, exactly one each", async () => {
  const client = await createClient({ natsUrl: deployment.natsUrl });
  let excusedCalls = 0;
  const kill = async () => {
    for (const service of services) {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_KILLS_MS));
      // Calls under way die with the router, and those whose answer it had not yet written down.
      if (service === "llm-router") excusedCalls += inFlight + Math.ceil(MODEL_MS / BETWEEN_SUBMISSIONS_MS);
      deployment.processes.find((process) => process.service === service)?.kill("SIGKILL");
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_KILLS_MS));
    deployment.nats?.kill("SIGKILL");
  };
  const submitAll = async () => {
    const waiting: Promise<NocpResult>[] = [];
    for (let number = 0; number < REQUESTS; number++) {
      const request = {
        query: `Question number ${number}`,
        routing: { provider: "openai-compatible" },
        metadata: { number: String(number) },
      };
      waiting.push(client.ask(request, { timeoutMs: 240_000 }));
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_SUBMISSIONS_MS));
    }
    return Promise.all(waiting);
  };
  const [results] = await Promise.all([submitAll(), kill()]);

  expect(results.map((result) => result.answer)).toEqual(results.map((result) => `Answer number ${result.metadata.number}.`));
  expect(new Set(results.map((result) => result.requestId)).size).toBe(REQUESTS);
  const held = await client.broker.manager.streams.info("NOCP_RESULTS", { subjects_filter: ">" });
  expect(Object.keys(held.state.subjects ?? {})).toHaveLength(REQUESTS);
  expect(held.state.messages).toBe(REQUESTS);
  expect(await client.deadLetters.list(10)).toEqual([]);

  const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${REQUESTS} results, ${total} provider calls, at most ${excusedCalls} of them excused by the kill`);
  expect(total - REQUESTS).toBeLessThanOrEqual(excusedCalls);

  const database = new DatabaseSync(join(deployment.folder, "transactions.sqlite"), { readOnly: true });
  const recorded = () =>
    (database.prepare("SELECT count(DISTINCT request_id) AS count FROM transactions").get() as { count: number }).count;
  await waitFor(() => recorded() === REQUESTS, "all transactions");
  database.close();
  await client.close();
});
