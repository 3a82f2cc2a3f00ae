import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processRoles } from "@nocp/contracts/topology.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { brokerSecrets } from "./broker-secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secretsFor = (tenants?: readonly string[]) => brokerSecrets(folder, { namespace: "n", prefix: "p", tenants }, 0);
const namesOf = (tenants?: readonly string[]): string[] => secretsFor(tenants).map(({ metadata }) => metadata.name);
const always = [...processRoles, "admin", "tenant-default"].map((name) => `p-${name}`);

test("every service, the administrator and tenant default have a Secret, in the namespace", () => {
  const secrets = secretsFor();
  expect(secrets.map(({ metadata }) => metadata)).toEqual([...always, "p-accounts"].map((name) => ({ name, namespace: "n" })));
  for (const { stringData } of secrets.slice(0, -1))
    expect(stringData).toEqual({ NATS_USER: expect.any(String), NATS_PASSWORD: expect.stringMatching(/^.{32}$/) });
});

test("the same call gives the same Secrets", () => expect(secretsFor()).toEqual(secretsFor()));

test("a tenant's Secret is given when it is made, and its account is there until the tenant is left out", () => {
  const accounts = (tenants?: readonly string[]) => secretsFor(tenants).at(-1)?.stringData["accounts.conf"] ?? "";
  expect(namesOf(["acme", "other"])).toEqual([...always, "p-tenant-acme", "p-tenant-other", "p-accounts"]);
  expect(namesOf(["acme", "other"])).toEqual([...always, "p-accounts"]);
  expect(accounts()).toMatch(/"tenant-acme"[\s\S]*"tenant-other"/);
  expect(accounts(["acme"])).not.toContain("tenant-other");
  expect(accounts()).toContain("tenant-acme");
});

test("a name that no tenant can have is refused", () =>
  expect(() => secretsFor(["a.b"])).toThrow(expect.objectContaining({ code: "USAGE" })));
