import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOfKey } from "@nocp/contracts/gateway-key.ts";
import { afterEach, expect, it } from "vitest";
import { createMemoryOperatorBroker } from "../../../test/fixtures/memory-stores.ts";
import { adminKeyFileOf, ensureAdminKey } from "./admin-key.ts";

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
