import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOfKey } from "@nocp/contracts/gateway-key.ts";
import { afterEach, expect, it } from "vitest";
import { createMemoryOperatorBroker } from "../../../test/fixtures/memory-stores.ts";
import { adminKeyFileOf, adminKeyWriter, ensureAdminKey } from "./admin-key.ts";

const folder = mkdtempSync(join(tmpdir(), "nocp-admin-key-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("is made once, kept for the user alone, and made anew only when there is none", async () => {
  const broker = createMemoryOperatorBroker(() => Promise.reject(new Error("nobody is asked")));
  const first = await ensureAdminKey(broker, folder, () => 1);
  const file = adminKeyFileOf(folder);
  expect(readFileSync(file, "utf8")).toBe(`${first}\n`);
  expect(statSync(file).mode & 0o077).toBe(0);
  const keys = await broker.keys();
  expect(await keys.list()).toEqual([
    expect.objectContaining({ admin: true, digest: digestOfKey(first ?? ""), tenant: "default" }),
  ]);
  expect(await ensureAdminKey(broker, folder, () => 2)).toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe(`${first}\n`);
  await keys.delete(digestOfKey(first ?? ""));
  const second = await ensureAdminKey(broker, folder, () => 3);
  expect(second).not.toBe(first);
  expect(readFileSync(file, "utf8")).toBe(`${second}\n`);
});

it("is written into its file when it is replaced, and no other key is", async () => {
  const broker = createMemoryOperatorBroker(() => Promise.reject(new Error("nobody is asked")));
  expect(await adminKeyWriter(broker, folder, "none")).toBeUndefined();
  const secret = (await ensureAdminKey(broker, folder, () => 1)) ?? "";
  const keys = await broker.keys();
  const [key] = await keys.list();
  await keys.put({ ...key!, id: "another", digest: digestOfKey("another") });
  expect(await adminKeyWriter(broker, folder, "another")).toBeUndefined();
  const write = await adminKeyWriter(broker, folder, key!.id);
  expect(readFileSync(adminKeyFileOf(folder), "utf8")).toBe(`${secret}\n`);
  write?.("replaced");
  expect(readFileSync(adminKeyFileOf(folder), "utf8")).toBe("replaced\n");
  expect(statSync(adminKeyFileOf(folder)).mode & 0o077).toBe(0);
});
