import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { services } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../test/servers/start-test-deployment.ts";
import { brokerFinding, proxyPathOf } from "./broker-finding.ts";
import { type ChartValues, loadChartValues } from "./chart-values.ts";
import { kindFindings, permissionsFinding, secretFindings, serverFinding } from "./cluster-findings.ts";
import type { Kubectl } from "./kubectl.ts";

const production = loadChartValues(projectRoot, [join(projectRoot, "deploy/helm/nocp/values-production.yaml")]);
const defaults = loadChartValues(projectRoot, []);

/** Answers with the text of the first entry whose words are all among the arguments. */
const saying =
  (answers: readonly (readonly [string, string])[]): Kubectl =>
  async (...args) => {
    const found = answers.find(([words]) => words.split(" ").every((word) => args.includes(word)));
    return found ? { text: found[1] } : { reason: `no answer to ${args.join(" ")}` };
  };

const varz = (fields: object): string => JSON.stringify({ version: "2.12.12", ...fields });
const healthy = { jetstream: { config: { sync_always: true }, meta: { cluster_size: 3 } } };
const broker = (text: string, values: ChartValues = production) => brokerFinding(saying([["--raw", text]]), "nocp", values);

describe("values", () => {
  test("are merged as Helm does it", () => {
    expect(production.broker).toMatchObject({ replicas: 3, userSecrets: "nocp-broker", url: "nats://nats:4222" });
    expect(production.nats.enabled).toBe(false);
    expect(defaults.nats.enabled).toBe(true);
  });

  test("that are no file, or not of the chart, are refused", () => {
    expect(() => loadChartValues(projectRoot, ["/nowhere.yaml"])).toThrow(NocpError);
    expect(() => loadChartValues(projectRoot, [join(projectRoot, "LICENSE")])).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});

describe("the API server", () => {
  test.each([
    ['{"gitVersion": "v1.35.4"}', "ok"],
    ['{"gitVersion": "v1.29.0+k3s1"}', "ok"],
    ['{"gitVersion": "v1.28.15"}', "wrong"],
    ["<html>", "wrong"],
  ])("%s is %s", async (text, state) => {
    expect(await serverFinding(saying([["/version", text]]))).toMatchObject({ state });
  });

  test("that does not answer is missing, with kubectl's reason", async () => {
    expect(await serverFinding(async () => ({ reason: "connection refused" }))).toMatchObject({
      state: "missing",
      detail: expect.stringContaining("connection refused"),
    });
  });
});

describe("the broker", () => {
  test.each([
    [varz(healthy), "ok", "3 servers"],
    [varz({ ...healthy, version: "2.12.3" }), "wrong", "2.12.3"],
    [varz({ ...healthy, version: "2.8.0" }), "wrong", "2.8.0"],
    [varz({ jetstream: {} }), "wrong", "without JetStream"],
    [varz({ jetstream: { ...healthy.jetstream, meta: {} } }), "wrong", "1 server, but broker.replicas is 3"],
    [varz({ jetstream: { ...healthy.jetstream, config: {} } }), "optional", "power"],
    ["<html>", "wrong", "no NATS server"],
  ])("%s is %s", async (text, state, detail) => {
    expect(await broker(text)).toMatchObject({ state, detail: expect.stringContaining(detail) });
  });

  test("that comes with the release need not be there", async () => {
    expect(await broker("", defaults)).toMatchObject({ state: "ok" });
  });

  test("without an address for KEDA is wrong, and otherwise only not looked at", async () => {
    const unknown = { ...production, broker: { ...production.broker, monitoring: "" } };
    expect(await broker("", unknown)).toMatchObject({ state: "wrong" });
    expect(await broker("", { ...unknown, autoscaling: { kind: "hpa" } })).toMatchObject({ state: "optional" });
  });

  test.each([
    ["nats-headless.messaging.svc:8222", "/api/v1/namespaces/messaging/services/http:nats-headless:8222/proxy/varz"],
    [
      "nats-headless.messaging.svc.cluster.local:8222",
      "/api/v1/namespaces/messaging/services/http:nats-headless:8222/proxy/varz",
    ],
    ["nats:8222", "/api/v1/namespaces/nocp/services/http:nats:8222/proxy/varz"],
    ["nats.example.com:8222", undefined],
    ["192.0.2.1:8222", undefined],
    ["nats", undefined],
  ])("%s is read at %s", (monitoring, path) => {
    expect(proxyPathOf(monitoring, "nocp")).toBe(path);
  });
});

describe("what else the chart needs", () => {
  test("a secret must be there and have a key that is read; every named one is looked at", async () => {
    const findings = await secretFindings(
      saying([
        ...services.map((service) => [`secret nocp-broker-${service}`, "NATS_USER NATS_PASSWORD "] as const),
        ["secret nocp-broker-admin", "NATS_USER "],
      ]),
      "nocp",
      production,
    );
    expect(findings).toMatchObject([
      ...services.map((service) => ({ what: `secret nocp-broker-${service}`, state: "ok" })),
      { what: "secret nocp-broker-admin", state: "wrong" },
      { what: "secret nocp-broker-tenant-default", state: "missing" },
      { what: "secret nocp-providers", state: "missing" },
    ]);
    const users = ["chain", "observability", "gateway", "admin", "tenant-default"].map((name) => `secret nocp-broker-${name}`);
    const chained = await secretFindings(saying([]), "nocp", { ...production, chain: true });
    expect(chained.map(({ what }) => what)).toEqual([...users, "secret nocp-providers"]);
    const own = { ...defaults, services: { act: { existingSecret: "tools" } } };
    expect(await secretFindings(saying([["secret tools", "DB "]]), "nocp", own)).toMatchObject([
      { what: "secret tools", state: "ok" },
    ]);
  });

  test("kinds of operators are looked for only where the values use them", async () => {
    expect(await kindFindings(saying([]), defaults)).toEqual([]);
    expect(await kindFindings(saying([["scaledobjects.keda.sh", "crd"]]), production)).toMatchObject([
      { what: "KEDA", state: "ok" },
      { what: "Prometheus operator", state: "missing" },
    ]);
  });

  test("kinds that may not be created are named, and only those that the values make are asked about", async () => {
    const answers = ["deployments.apps", "jobs.batch", "services"].map((kind) => [kind, "yes"] as const);
    const { state, detail } = await permissionsFinding(saying(answers), "nocp", production);
    expect(state).toBe("missing");
    expect(detail).toContain("scaledobjects.keda.sh");
    expect(detail).not.toContain("deployments.apps");
    expect((await permissionsFinding(saying(answers), "nocp", defaults)).detail).not.toContain("scaledobjects");
  });
});
