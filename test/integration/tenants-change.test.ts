// Tenants that come, change and go while the server runs.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { applyTenants, createTenant, deleteTenant, rotateTenant } from "@nocp/cli/deployment/change-tenants.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTenantServer, type TenantServer } from "../fixtures/tenant-server.ts";

let server: TenantServer;
beforeAll(async () => {
  server = await startTenantServer();
});
afterAll(() => server.stop());

const apply = (change: "new" | "changed") => applyTenants(server.folder, join(server.folder, "nats"), server.running, change);

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
  const { password } = createTenant(server.folder, "late", {}, Date.now());
  expect(await outcomeOf("late", password)).toBe("NOT_AUTHORIZED");
  expect(await apply("new")).toBe(server.running.natsUrl);
  await becomes("submitted", "late", password);

  const rotated = rotateTenant(server.folder, "late");
  await apply("changed");
  await becomes("submitted", "late", rotated.password);
  expect(await outcomeOf("late", password)).toBe("NOT_AUTHORIZED");

  deleteTenant(server.folder, "late");
  await apply("changed");
  await becomes("NOT_AUTHORIZED", "late", rotated.password);
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
