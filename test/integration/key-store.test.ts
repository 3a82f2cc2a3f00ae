// Keys of the HTTP API on a real nats-server: who watches them follows them, also into a bucket that was made anew.
import { digestOfKey, type GatewayKey } from "@nocp/contracts/gateway-key.ts";
import type { KeyStore } from "@nocp/runtime/stores/keys/key-store.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

const stream = "KV_nocp_keys";
let server: NatsTestServer;
let brokers: Broker[];
let store: KeyStore;
beforeEach(async () => {
  server = await startNatsTestServer();
  brokers = await Promise.all([openTestBroker(server.url), openTestBroker(server.url)]);
  store = await brokers[0]!.keys();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  for (const broker of brokers) await broker.close();
  await server.stop();
});

const stops: (() => void)[] = [];
/** What each of two processes knows. */
const watchTwice = () =>
  Promise.all(
    brokers.map(async (broker) => {
      const names = new Map<string, string>();
      const watch = await (await broker.keys()).watch((digest, found) => {
        if (found) names.set(digest, found.name);
        else names.delete(digest);
      });
      stops.push(watch);
      return () => [...names.values()].sort();
    }),
  );

const key = (name: string): GatewayKey => ({
  v: 1,
  id: name,
  name,
  digest: digestOfKey(name),
  tenant: "default",
  models: [],
  lanes: [],
  compression: null,
  createdAt: 0,
  expiresAt: null,
});
const listed = async () => (await store.list()).map(({ name }) => name).sort();

test("keys that were there, and changes, are told to everyone who watches", async () => {
  await store.put(key("a"));
  const watchers = await watchTwice();
  for (const names of watchers) expect(names()).toEqual(["a"]);
  await store.put(key("b"));
  await store.delete(digestOfKey("a"));
  for (const names of watchers) await waitFor(() => names().join() === "b", "the change");
});

test("a bucket that was deleted gets back the keys that are known, and new ones are heard of", async () => {
  await store.put(key("a"));
  await store.put(key("b"));
  const watchers = await watchTwice();
  await brokers[0]!.manager.streams.delete(stream);
  for (const names of watchers) expect(names()).toEqual(["a", "b"]);
  expect(brokers[0]!.buckets.streams).toContain(stream);
  await brokers[0]!.buckets.reopen(stream);
  await waitFor(async () => (await listed()).join() === "a,b", "the keys to be back");
  await store.put(key("c"));
  for (const names of watchers) await waitFor(() => names().join() === "a,b,c", "the new key");
});

test("a key that is deleted in the new bucket does not come back", async () => {
  await store.put(key("a"));
  await store.put(key("b"));
  const watchers = await watchTwice();
  await brokers[0]!.manager.streams.delete(stream);
  await brokers[0]!.buckets.reopen(stream);
  await store.delete(digestOfKey("a"));
  for (const names of watchers) await waitFor(() => names().join() === "b", "the deletion");
  expect(await listed()).toEqual(["b"]);
});
