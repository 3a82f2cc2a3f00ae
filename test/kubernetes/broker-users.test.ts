// The users that the chart makes for its broker: what they may do, and that a real server takes them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { defaultTenant, processRoles } from "@nocp/contracts/topology.ts";
import { ensureCredentials } from "@nocp/runtime/accounts/credentials.ts";
import { natsAccountsFile } from "@nocp/runtime/accounts/nats-accounts.ts";
import { provisionBroker } from "@nocp/runtime/accounts/provision-broker.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { tenantReach } from "@nocp/runtime/transport/tenant-reach.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KubernetesObject, nameOf, renderChart } from "../../deploy/kubernetes/rendered-chart.ts";
import { ensurePrograms, programOf } from "./test-cluster.ts";

type Secret = KubernetesObject & { readonly stringData: Readonly<Record<string, string>> };

let folder: string;
let secrets: readonly Secret[];
beforeAll(() => {
  ensurePrograms("tools");
  folder = mkdtempSync(join(tmpdir(), "nocp-users-"));
  const objects = renderChart({ helm: programOf("helm"), set: ["tenants={acme}"] });
  secrets = objects.filter(({ kind }) => kind === "Secret") as Secret[];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secretOf = (name: string): Readonly<Record<string, string>> => {
  const found = secrets.find((secret) => nameOf(secret) === `Secret/nocp-broker-${name}`);
  if (!found) throw new Error(`there is no secret of ${name}`);
  return found.stringData;
};
const accountsFile = (): string => secretOf("accounts")["accounts.conf"] ?? "";

describe("the accounts of the chart's broker", () => {
  /** Without passwords, and in one order. */
  const comparable = (file: string): unknown => {
    const accounts = JSON.parse(file.slice(file.indexOf("{"))) as Record<string, Record<string, unknown>>;
    const plain = JSON.parse(JSON.stringify(accounts), (key, value) => (key === "password" ? "a hash" : value));
    for (const account of Object.values(plain as typeof accounts))
      for (const list of ["users", "exports", "imports"])
        if (Array.isArray(account[list])) account[list] = account[list].map(sorted).sort();
    return plain;
  };
  const sorted = (entry: object): string =>
    JSON.stringify(entry, (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one.localeCompare(other)))
        : value,
    );

  test("let users do what those of ./nocp up may do", () => {
    const acme = { v: 1, name: "acme", createdAt: 0, passwordHash: "", settings: {} } as const;
    expect(comparable(accountsFile())).toEqual(comparable(natsAccountsFile(ensureCredentials(folder), [acme])));
  });

  test("hold no password, and no two users have the same", () => {
    const names = [...processRoles, "admin", `tenant-${defaultTenant}`, "tenant-acme"];
    const passwords = names.map((name) => secretOf(name).NATS_PASSWORD ?? "");
    expect(new Set(passwords).size).toBe(names.length);
    for (const password of passwords) {
      expect(password.length).toBeGreaterThanOrEqual(32);
      expect(accountsFile()).not.toContain(password);
    }
  });
});

describe("a real server with these accounts", () => {
  let server: NatsTestServer;
  beforeAll(async () => {
    const config = join(folder, "accounts.conf");
    writeFileSync(config, accountsFile());
    server = await startNatsTestServer(["-c", config]);
    const messaging = defaultsOf(messagingSection);
    await provisionBroker({ nats: loginOf("admin"), messaging, firstConnectTimeoutMs: 30_000 });
  });
  afterAll(() => server.stop());

  const loginOf = (name: string) => {
    const { NATS_USER: user = "", NATS_PASSWORD: password = "" } = secretOf(name);
    return { ...defaultsOf(natsSection), url: server.url, user, password };
  };

  test.each(processRoles)("lets %s in, who finds its streams", async (role) => {
    const { url, user, password } = loginOf(role);
    const broker = await openTestBroker(url.replace("://", `://${user}:${password}@`), { provision: "verify" });
    await broker.close();
  });

  test.each([defaultTenant, "acme"])("connects the tenant %s with the services", async (tenant) => {
    expect(await tenantReach(loginOf(`tenant-${tenant}`))).toBe("connected");
  });
});
