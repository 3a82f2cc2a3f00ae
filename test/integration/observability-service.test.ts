import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { eventSubject } from "@nocp/contracts/topology.ts";
import { openTransactionStore } from "@nocp/observability/transaction-store.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleTransaction } from "../fixtures/transaction-example.ts";

const main = fileURLToPath(import.meta.resolve("@nocp/observability/main.ts"));

let server: NatsTestServer;
let broker: Broker;
let folder: string;
let databaseFile: string;
let port: number;
let service: ChildProcess | undefined;

beforeEach(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  folder = mkdtempSync(join(tmpdir(), "nocp-observability-"));
  databaseFile = join(folder, "transactions.sqlite");
  port = await freePort();
});

afterEach(async () => {
  await end("SIGKILL");
  await broker.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The service as a process of its own; resolves when it is ready. */
async function start(): Promise<void> {
  service = spawn(process.execPath, [main], {
    cwd: folder,
    stdio: "ignore",
    env: {
      ...process.env,
      NATS_URL: server.url,
      NOCP_OBSERVABILITY_DATABASE_FILE: databaseFile,
      NOCP_HTTP_PORT: String(port),
      NOCP_LOG_LEVEL: "silent",
      // What a killed service was given comes again after this time.
      NOCP_MESSAGING_ACK_WAIT_MS: "2000",
    },
  });
  await waitFor(async () => (await get("/readyz"))?.status === 200, "the service to be ready");
}

/** @returns the exit code; null when a signal ended it. */
async function end(signal: NodeJS.Signals): Promise<number | null> {
  if (!service || service.exitCode !== null || service.signalCode !== null) return null;
  const exited = once(service, "exit");
  service.kill(signal);
  const [code] = await exited;
  return code;
}

const get = (path: string): Promise<Response | undefined> => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);

const publish = (kind: string, body: string): void => broker.connection.publish(eventSubject("articulate", kind), body);
const publishTransaction = (requestId: string): void =>
  publish("transaction", JSON.stringify({ v: 1, transactions: [exampleTransaction({ requestId })] }));

function recorded(): number {
  const store = openTransactionStore(databaseFile, { readOnly: true });
  try {
    return store.totals().count;
  } finally {
    store.close();
  }
}

/** What is published is stored a little later: before that, nothing is unread either. */
const areAcknowledged = async (published: number): Promise<boolean> => {
  const { state } = await broker.manager.streams.info("NOCP_EVENTS");
  const { num_pending, num_ack_pending } = await broker.manager.consumers.info("NOCP_EVENTS", "observability");
  return state.last_seq >= published && num_pending + num_ack_pending === 0;
};

test("events on the queue become transactions and metrics, and hopeless ones hold nothing up", async () => {
  await start();
  publish("transaction", "this is not JSON");
  publish("transaction", '{"v":1,"transaction":{}}');
  publish("kind-of-the-future", "{}");
  for (let number = 0; number < 50; number += 1) publishTransaction(`request-${number}`);
  publishTransaction("request-0");
  publish(
    "dead-lettered",
    JSON.stringify({ events: [{ requestId: "r", at: 1, attempt: 1, queueWaitMs: 0, workMs: 0, code: "INVALID_REQUEST" }] }),
  );
  await waitFor(() => areAcknowledged(55), "every event to be acknowledged");
  expect(recorded()).toBe(50);
  const metrics = await (await get("/metrics"))?.text();
  expect(metrics).toMatch(/^nocp_requests_total\{[^}]*status="succeeded"[^}]*\} 50$/m);
  expect(metrics).toMatch(/^nocp_events_invalid_total\{[^}]*kind="transaction"[^}]*\} 2$/m);
  expect(metrics).toMatch(/^nocp_dead_letters_total\{[^}]*code="INVALID_REQUEST"[^}]*\} 1$/m);
  expect((await get("/healthz"))?.status).toBe(200);
  expect(await end("SIGTERM")).toBe(0);
});

test("a service that is killed while events come in has, once it is back, each of them once", async () => {
  await start();
  for (let number = 0; number < 400; number += 1) {
    publishTransaction(`request-${number}`);
    if (number === 200) {
      await broker.connection.flush();
      await end("SIGKILL");
    }
  }
  await broker.connection.flush();
  await start();
  await waitFor(() => areAcknowledged(400), "every event to be acknowledged");
  expect(recorded()).toBe(400);
});
