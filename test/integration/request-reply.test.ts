// Questions to the broker that get no answer: they fail as soon as that is known.
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { hasNoResponders } from "@nocp/runtime/transport/request-reply.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTenantServer } from "../fixtures/tenant-server.ts";

const silent = "nobody.answers";
const nothing = new Uint8Array(0);
let server: NatsTestServer;
let asking: Broker;
beforeEach(async () => {
  server = await startNatsTestServer();
  asking = await openTestBroker(server.url);
  // Without it the broker would answer that nobody listens.
  asking.connection.subscribe(silent, { callback: () => undefined });
  await asking.connection.flush();
});
afterEach(async () => {
  await asking.close();
  await server.stop();
});

test("when the connection is lost", async () => {
  const asked = Promise.allSettled([asking.requests.ask(silent, nothing), asking.requests.ask(silent, nothing)]);
  await server.kill();
  const lost = { status: "rejected", reason: new Error("the connection was lost before the answer") };
  expect(await asked).toEqual([lost, lost]);
});

test("but not what is asked after an outage", async () => {
  await server.kill();
  await server.restart();
  const isAnswered = async () => !hasNoResponders(await asking.requests.ask("$JS.API.INFO", nothing));
  await waitFor(isAnswered, "an answer of the broker that was started again");
});

test("when the user may not ask it", async () => {
  const tenants = await startTenantServer();
  const articulate = await openTestBroker(tenants.urlOf("articulate"), { provision: "verify" });
  const forged = articulate.requests.ask("nocp.v2.tools.completed.acme.interactive.x", nothing);
  await expect(forged).rejects.toMatchObject({ name: "PermissionViolationError" });
  await articulate.close();
  await tenants.stop();
});
