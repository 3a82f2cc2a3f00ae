// Tenants that come, change and go while the server runs.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { applyTenants, ownTenantServer } from "@nocp/cli/deployment/apply-tenants.ts";
import { createTenant, deleteTenant, type IssuedCredential, rotateTenant } from "@nocp/cli/deployment/change-tenants.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { factSubject, resultSubject, topologyOf } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTenantServer, type TenantServer } from "../fixtures/tenant-server.ts";

let server: TenantServer;
beforeAll(async () => {
  server = await startTenantServer();
});
afterAll(() => server.stop());

const apply = (issued?: IssuedCredential) =>
  applyTenants(server.folder, join(server.folder, "nats"), ownTenantServer(server.running), issued);

/** @returns the code of the error with which the server refuses; `submitted` when it lets a request through. */
async function outcomeOf(user: string, password: string): Promise<string> {
  const natsUrl = server.running.natsUrl.replace("://", `://${user}:${password}@`);
  try {
    const client = await createClient({ natsUrl, tenant: user, connectTimeoutMs: 2_000 });
    try {
      await client.submit({ query: "q" });
      return "submitted";
    } finally {
      await client.close();
    }
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

/** The server reads its configuration when it gets round to the signal. */
const becomes = (expected: string, user: string, password: string) =>
  waitFor(async () => (await outcomeOf(user, password)) === expected, `${user} to be ${expected}`);

test("a running server learns of a tenant, of another password, and that it is gone", async () => {
  const issued = createTenant(server.folder, "late", {}, Date.now());
  expect(await outcomeOf("late", issued.password)).toBe("NOT_AUTHORIZED");
  await apply(issued);
  expect(await outcomeOf("late", issued.password)).toBe("submitted");

  const rotated = rotateTenant(server.folder, "late");
  await apply(rotated);
  expect(await outcomeOf("late", rotated.password)).toBe("submitted");
  expect(await outcomeOf("late", issued.password)).toBe("NOT_AUTHORIZED");

  deleteTenant(server.folder, "late");
  await apply();
  await becomes("NOT_AUTHORIZED", "late", rotated.password);
});

test("who was connected before a tenant came is not disturbed: no connection drops, and messages pass both ways", async () => {
  const services = await openTestBroker(server.urlOf("admin"));
  const acme = await openTestBroker(server.urlOf("acme"), { provision: "verify" });
  const disconnections: string[] = [];
  for (const { connection } of [services, acme])
    void (async () => {
      for await (const { type } of connection.status()) if (type === "disconnect") disconnections.push(type);
    })();
  const request = { tenant: "acme", requestId: createRequestId() };
  const results: string[] = [];
  acme.connection.subscribe(resultSubject(request), { callback: (_, message) => void results.push(message.string()) });
  await acme.connection.flush();
  const queue = topologyOf("act").stream;
  const waitingNow = async () => (await services.manager.streams.info(queue)).state.messages;
  const before = await waitingNow();

  for (const name of ["guest-1", "guest-2"]) await apply(createTenant(server.folder, name, {}, Date.now()));
  const submission = factSubject("request.submitted", { ...request, lane: "interactive" });
  await acme.jetstream.publish(submission, JSON.stringify({ query: "q" }));
  expect(await waitingNow()).toBe(before + 1);
  await services.jetstream.publish(resultSubject(request), "a result");
  await waitFor(() => results.length > 0, "the result to be pushed to the tenant");

  expect(results).toEqual(["a result"]);
  expect(disconnections).toEqual([]);
  await acme.close();
  await services.close();
});

test("names that are taken, impossible or unknown are refused, and change nothing", () => {
  const file = join(server.folder, "tenants.json");
  const before = readFileSync(file, "utf8");
  for (const name of ["acme", "default", "a.b", "a*", "", "$SYS"])
    expect(() => createTenant(server.folder, name, {}, 0), name).toThrow(expect.objectContaining({ code: "USAGE" }));
  for (const change of [rotateTenant, deleteTenant])
    for (const name of ["nobody", "default"])
      expect(() => change(server.folder, name), name).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("no file that holds passwords or their hashes can be read by others", () => {
  for (const file of ["credentials.json", "tenants.json", "nats/accounts.conf"])
    expect([file, (statSync(join(server.folder, file)).mode & 0o777).toString(8)]).toEqual([file, "600"]);
});
