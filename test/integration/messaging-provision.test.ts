import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { ensureTopology } from "@nocp/runtime/transport/provision.ts";
import { definitionsOf } from "@nocp/runtime/transport/stream-definitions.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

let server: NatsTestServer;
const brokers: Broker[] = [];

beforeAll(async () => {
  server = await startNatsTestServer();
});
afterAll(async () => {
  for (const broker of brokers) await broker.close();
  await server.stop();
});

const open = async (overrides: Parameters<typeof openTestBroker>[1] = {}) => {
  const broker = await openTestBroker(server.url, overrides);
  brokers.push(broker);
  return broker;
};

test("a service that only verifies says what is missing", async () => {
  const broker = await open({ provision: "verify" });
  await expect(broker.provision()).rejects.toMatchObject({
    code: "NOT_PROVISIONED",
    message: expect.stringContaining("NOCP_ACT"),
  });
});

test("several services provision at once, and a second time there is nothing to do", async () => {
  const together = await Promise.all([open(), open(), open()]);
  await Promise.all(together.map((broker) => broker.provision()));
  expect(await together[0]?.provision()).toEqual([]);
});

test("no stream acknowledges a message before it is written: not those of the stages, nor those of buckets", async () => {
  const broker = await open();
  await broker.provision();
  const anything = z.object({});
  await broker.records("records", anything, 1_000);
  await broker.durableState("states", anything, 60_000);
  await broker.revisions("revisions", anything);
  await broker.chunks("chunks", 60_000);
  await broker.keys();
  await broker.sessions(1_000);
  await broker.tenants();
  await broker.secret("secret", 1_000);
  const streams = await Array.fromAsync(broker.manager.streams.list(), ({ config }) => config);
  expect(streams.length).toBeGreaterThan(15);
  for (const { name, storage, persist_mode: mode } of streams) {
    expect([name, storage]).toEqual([name, "file"]);
    // Servers before 2.12 know one mode, and do not name it.
    expect([name, mode ?? "default"]).toEqual([name, "default"]);
  }
});

test("a changed limit is applied and reported", async () => {
  const broker = await open({ streamMaxMessages: 5000 });
  const changes = await broker.provision();
  expect(changes.map((change) => change.action)).toEqual(["update", "update", "update", "update"]);
  expect(changes[0]?.differences).toEqual(["max_msgs: 100000 → 5000"]);
});

test("a limit below what a stream holds is refused, and nothing is changed", async () => {
  const broker = await open({ streamMaxMessages: 5000 });
  for (const id of ["a", "b", "c"]) await broker.jetstream.publish(`nocp.v2.request.submitted.default.batch.${id}`, "{}");
  const strict = await open({ streamMaxMessages: 2 });
  await expect(strict.provision()).rejects.toMatchObject({
    code: "PROVISIONING_REFUSED",
    message: expect.stringContaining("NOCP_ACT"),
  });
  expect((await broker.manager.streams.info("NOCP_ASSESS")).config.max_msgs).toBe(5000);
});

test("a full ingress refuses new requests and keeps the accepted ones", async () => {
  const roomy = await open({ streamMaxMessages: 3 });
  await roomy.provision();
  const publish = () =>
    roomy.publisher.publish(
      { subject: "nocp.v2.request.submitted.default.batch.d", tenant: "default", body: new Uint8Array(), messageId: "d" },
      AbortSignal.timeout(5000),
    );
  await expect(publish()).rejects.toMatchObject({ code: "QUEUE_FULL", retryAfterMs: 1000 });
  expect((await roomy.manager.streams.info("NOCP_ACT")).state.messages).toBe(3);
});

test("a consumer that passes over messages is made anew, and is given them", async () => {
  const broker = await open();
  await broker.provision();
  await broker.manager.streams.purge("NOCP_ACT");
  await broker.jetstream.publish("nocp.v2.request.submitted.default.batch.passed-over", "{}");
  const { consumers } = broker.manager;
  const before = await consumers.info("NOCP_ACT", "act-batch");
  // What a server says that lost the place of its stream.
  const manager = {
    streams: broker.manager.streams,
    consumers: Object.assign(Object.create(consumers) as typeof consumers, {
      info: async (stream: string, durable: string) => {
        const info = await consumers.info(stream, durable);
        const place = { consumer_seq: 900, stream_seq: 900 };
        return info.created === before.created ? { ...info, delivered: place, ack_floor: place } : info;
      },
    }),
  };
  const changes = await ensureTopology(manager as typeof broker.manager, definitionsOf(broker.settings, 1));
  expect(changes).toMatchObject([{ kind: "consumer", name: "NOCP_ACT/act-batch", action: "renew" }]);
  const after = await consumers.info("NOCP_ACT", "act-batch");
  expect(after.created).not.toBe(before.created);
  expect(after.num_pending).toBe(1);
});
