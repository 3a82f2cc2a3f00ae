import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processRoles } from "@nocp/contracts/topology.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeContainerAccess } from "./container-access.ts";
import { readCredentials } from "./credentials.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-access-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Files can be given away by root alone: here all of them stay with whoever runs the test. */
const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const write = () => writeContainerAccess(folder, { natsUrl: "nats://127.0.0.1:4222", owner: self, serviceUser: self });
const passwordIn = (name: string): string => readFileSync(join(folder, name, "password"), "utf8").trim();
const modeOf = (path: string): string => (statSync(join(folder, path)).mode & 0o777).toString(8);

describe("the credentials of a deployment in containers", () => {
  test("each service finds its own password, and the job that makes streams the administrator's", () => {
    write();
    const known = readCredentials(folder);
    for (const service of processRoles) expect(passwordIn(service), service).toBe(known[service]?.password);
    expect(passwordIn("provision")).toBe(known.admin?.password);
    expect(new Set([...processRoles, "provision"].map(passwordIn)).size).toBe(processRoles.length + 1);
  });

  test("stay as they are at the next start", () => {
    write();
    const before = [...processRoles, "provision"].map(passwordIn);
    write();
    expect([...processRoles, "provision"].map(passwordIn)).toEqual(before);
  });

  test("can be read by their owners alone, and NATS is given hashes only", () => {
    write();
    const files = ["credentials.json", "default.env", "nats/accounts.conf", "act/password"];
    expect(files.map(modeOf)).toEqual(files.map(() => "600"));
    expect(modeOf("act")).toBe("700");
    const accounts = readFileSync(join(folder, "nats/accounts.conf"), "utf8");
    for (const { password } of Object.values(readCredentials(folder))) expect(accounts).not.toContain(password);
  });
});
