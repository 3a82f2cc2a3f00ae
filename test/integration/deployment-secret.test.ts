// The secret that replicas share, on a real nats-server.
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

let server: NatsTestServer;
beforeEach(async () => {
  server = await startNatsTestServer();
});
afterEach(() => server.stop());

const patienceMs = 10_000;

test("is the same for replicas that start together and for those that come later, and another under another name", async () => {
  const brokers = await Promise.all(Array.from({ length: 4 }, () => openTestBroker(server.url)));
  const together = await Promise.all(brokers.map((broker) => broker.secret("context", patienceMs)));
  for (const broker of brokers) await broker.close();
  const later = await openTestBroker(server.url);
  const secrets = [...together, await later.secret("context", patienceMs)];
  const other = await later.secret("other", patienceMs);
  await later.close();
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(secrets).not.toContain(other);
});

test("is put back by those that know it when its bucket was deleted", async () => {
  const broker = await openTestBroker(server.url);
  const secrets = [await broker.secret("context", patienceMs), await broker.secret("webhooks", patienceMs)];
  await broker.manager.streams.delete("KV_nocp_secrets");
  await broker.buckets.reopen("KV_nocp_secrets");
  const later = await openTestBroker(server.url);
  expect([await later.secret("context", patienceMs), await later.secret("webhooks", patienceMs)]).toEqual(secrets);
  for (const opened of [broker, later]) await opened.close();
});
