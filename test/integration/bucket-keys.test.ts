// Listing what buckets hold: nothing is left behind at the server, however often somebody looks.
import { startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const schema = z.object({ count: z.number() });
const server = await startNatsTestServer();
const broker = await openTestBroker(server.url);

beforeAll(() => broker.provision());
afterAll(async () => {
  await broker.close();
  await server.stop();
});

const consumersAndMessages = async () => {
  const found = { consumers: 0, messages: 0 };
  for await (const { config, state } of broker.manager.streams.list()) {
    if (!config.name.startsWith("KV_")) continue;
    found.consumers += state.consumer_count;
    found.messages += state.messages;
  }
  return found;
};

const archived = () => broker.archive.list({ tenant: "acme" });
const looks = [
  ["records that change", async () => (await broker.revisions("changing", schema)).list()],
  ["records that change, by a filter", async () => (await broker.revisions("changing", schema)).list("ann.*")],
  ["a shared state", async () => [...(await (await broker.sharedState("shared", schema)).entries()).keys()]],
  ["keys of the HTTP API", async () => (await broker.keys()).list()],
  ["tenants", () => broker.tenants()],
  ["sessions", async () => (await broker.sessions(5_000)).list({ tenant: "acme" }, 10)],
  ["the archive", archived],
] as const;

test.each(looks)("looking at %s that are not there leaves nothing behind", async (_, look) => {
  for (let times = 0; times < 3; times += 1) expect(await look()).toEqual([]);
  expect((await consumersAndMessages()).consumers).toBe(0);
});

test("records come back until they are removed, and then nothing of them is stored", async () => {
  const store = await broker.revisions("changing", schema);
  const before = await consumersAndMessages();
  for (const key of ["ann.1", "ann.2", "bob.1"]) expect(await store.create(key, { count: 1 })).toBe(true);
  expect((await store.list()).map(({ key }) => key).sort()).toEqual(["ann.1", "ann.2", "bob.1"]);
  expect((await store.list("ann.*")).map(({ key }) => key).sort()).toEqual(["ann.1", "ann.2"]);
  const held = await store.get("ann.1");
  for (const key of ["ann.1", "ann.2", "bob.1"]) await store.remove(key);
  expect(await store.list()).toEqual([]);
  expect(await store.update({ key: "ann.1", value: { count: 2 }, revision: held?.revision ?? 0 })).toBeUndefined();
  expect(await consumersAndMessages()).toEqual(before);
  expect(await store.create("ann.1", { count: 3 })).toBe(true);
});
