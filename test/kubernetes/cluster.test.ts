// The chart and the overlays on an API server with scheduler, controllers and fake nodes. What containers do is not tested here:
// on fake nodes they do not run.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerSecrets } from "@nocp/cli/kubernetes/broker-secrets.ts";
import { chainedRoles, services } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type KubernetesObject, nameOf, overlays, valuesFile, withOwnChart } from "../../deploy/kubernetes/rendered-chart.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { external, renderings } from "./renderings.ts";
import { programOf, startCluster, type TestCluster, until } from "./test-cluster.ts";

const namespace = "nocp";
let cluster: TestCluster;
let chart: string;

beforeAll(async () => {
  chart = mkdtempSync(join(tmpdir(), "nocp-chart-"));
  withOwnChart((folder) => cpSync(folder, chart, { recursive: true }));
  cluster = await startCluster(["crds"]);
  await cluster.kubectl(["create", "namespace", namespace]);
  const restricted = ["enforce", "warn"].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
  await cluster.kubectl(["label", "namespace", namespace, ...restricted]);
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(chart, { recursive: true, force: true });
});

/** What the API server says to objects that it is asked to check and not to keep; warnings are errors. */
const dryRun = (objects: readonly KubernetesObject[]): Promise<string> =>
  cluster.kubectl(
    [
      ...["apply", "--namespace", namespace, "--server-side", "--dry-run=server", "--validate=strict"],
      ...["--warnings-as-errors", "--filename", "-"],
    ],
    objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(""),
  );

describe("the API server, which enforces that pods are restricted, accepts", () => {
  test.each(Object.entries(renderings))("%s", async (_, render) => {
    const objects = render();
    const said = (await dryRun(objects)).trim().split("\n");
    expect(said).toHaveLength(objects.length);
    expect(said.every((line) => line.endsWith("serverside-applied (server dry run)"))).toBe(true);
  });

  test.each(Object.keys(overlays))("the overlay %s", async (name) => {
    const folder = join(projectRoot, "deploy/kubernetes/overlays", name);
    const checks = ["--server-side", "--dry-run=server", "--validate=strict", "--warnings-as-errors"];
    expect(await cluster.kubectl(["apply", ...checks, "--kustomize", folder])).toContain("deployment.apps/nocp-gateway");
  });
});

describe("and it refuses a chart with a mistake", () => {
  const changed = (from: string, to: string): KubernetesObject[] =>
    (renderings["replicas by lag, none without work"]?.() ?? []).map((object) => {
      const text = JSON.stringify(object);
      return JSON.parse(text.replaceAll(from, to)) as KubernetesObject;
    });

  test.each([
    ["a misspelt field", '"livenessProbe"', '"livenesProbe"', /livenesProbe/],
    ["a pod that may become root", '"runAsNonRoot":true', '"runAsNonRoot":false', /restricted/],
    ["a quantity that is none", '"192Mi"', '"192Mb"', /quantit/],
    ["a selector that finds no pod", '"matchLabels":{"app.kubernetes.io/name":"nocp"', '"matchLabels":{"app":"nocp"', /selector/],
    ["a kind of KEDA with a misspelt field", '"minReplicaCount"', '"minReplicas"', /minReplicas/],
  ])("%s", async (_, from, to, reason) => {
    await expect(dryRun(changed(from, to))).rejects.toThrow(reason);
  });
});

describe("./nocp deploy check", () => {
  const check = async () => {
    const files = ["--values", valuesFile("production")];
    const args = [join(projectRoot, "cli/src/main.ts"), "deploy", "check", "--namespace", namespace, ...files, "--json"];
    const bin = join(chart, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "kubectl"), `#!/bin/sh\nexec ${programOf("kube")} kubectl "$@"\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, KUBECONFIG: cluster.kubeconfig };
    const { stdout, status } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    const { findings } = JSON.parse(stdout) as { findings: { what: string; state: string }[] };
    return { status, states: Object.fromEntries(findings.map(({ what, state }) => [what, state])) };
  };

  test("says what a cluster lacks, and no longer when it is there", async () => {
    const users = [...services, "admin", "tenant-default"].map((name) => `secret nocp-broker-${name}`);
    const statesOf = (state: string) => Object.fromEntries(users.map((name) => [name, state]));
    const always = {
      Kubernetes: "ok",
      namespace: "ok",
      permissions: "ok",
      broker: "missing",
      KEDA: "ok",
      "Prometheus operator": "ok",
    };
    expect(await check()).toEqual({
      status: 3,
      states: { ...always, ...statesOf("missing"), "secret nocp-providers": "missing" },
    });
    const secrets = brokerSecrets(join(chart, "data"), { namespace, prefix: "nocp-broker", tenants: undefined }, Date.now());
    const printed = JSON.stringify({ apiVersion: "v1", kind: "List", items: secrets });
    await cluster.kubectl(["apply", "--filename", "-"], printed);
    const secret = ["create", "secret", "generic", "--namespace", namespace];
    await cluster.kubectl([...secret, "nocp-providers", "--from-literal=OPENAI_API_KEY=x"]);
    expect(await check()).toEqual({ status: 3, states: { ...always, ...statesOf("ok"), "secret nocp-providers": "ok" } });
    await cluster.kubectl(["delete", "--filename", "-"], printed);
    await cluster.kubectl(["delete", "secret", "--namespace", namespace, "nocp-providers"]);
  });
});

describe("a release on two nodes", () => {
  const values = [
    "--namespace",
    namespace,
    "--values",
    valuesFile("local"),
    "--set",
    `${external},services.observability.persistence.enabled=true`,
  ];
  const waiting = ["--wait", "--timeout", "180s"];

  const listed = async (kinds: string): Promise<KubernetesObject[]> =>
    (
      JSON.parse(await cluster.kubectl(["get", kinds, "--namespace", namespace, "--output", "json"])) as {
        items: KubernetesObject[];
      }
    ).items;
  const runningServices = async (): Promise<string[]> =>
    (await listed("pods"))
      .filter(({ status, metadata }) => (status as { phase: string }).phase === "Running" && !("deletionTimestamp" in metadata))
      .map(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] ?? "")
      .sort();
  const logLevel = async (): Promise<string | undefined> => {
    const [settings] = (await listed("configmaps")).filter(({ metadata }) => metadata.name === "nocp-settings");
    return (settings?.data as Record<string, string> | undefined)?.NOCP_LOG_LEVEL;
  };

  beforeAll(async () => {
    // The machine has nothing that makes volumes.
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "transactions" },
      spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "5Gi" }, hostPath: { path: "/var/empty" } },
    };
    await cluster.kubectl(["apply", "--filename", "-"], stringify(volume));
  });

  test("is installed: every service runs", async () => {
    await cluster.helm(["install", "nocp", chart, ...values, ...waiting]);
    expect(await runningServices()).toEqual([...services].sort());
  });

  test("is upgraded: a changed setting reaches new pods, and the old ones go", async () => {
    await cluster.helm(["upgrade", "nocp", chart, ...values, "--set", "settings.NOCP_LOG_LEVEL=debug", ...waiting]);
    expect(await logLevel()).toBe("debug");
    await until("one pod a service", 60, runningServices, (running) => running.join() === [...services].sort().join());
    const revisions = (await listed("deployments.apps")).map(
      ({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"],
    );
    expect(revisions).toEqual(services.map(() => "2"));
  });

  test("is rolled back", async () => {
    await cluster.helm(["rollback", "nocp", "1", "--namespace", namespace, ...waiting]);
    expect(await logLevel()).toBeUndefined();
    await until("one pod a service", 60, runningServices, (running) => running.join() === [...services].sort().join());
  });

  test("changes to one process for all stages", async () => {
    await cluster.helm(["upgrade", "nocp", chart, ...values, "--set", "chain=true", ...waiting]);
    await until("one pod a service", 60, runningServices, (running) => running.join() === [...chainedRoles()].sort().join());
  });

  test("is uninstalled: only the volume with the transactions stays", async () => {
    await cluster.helm(["uninstall", "nocp", "--namespace", namespace, ...waiting]);
    const kinds = (await cluster.kubectl(["api-resources", "--verbs=list", "--namespaced", "--output", "name"]))
      .split("\n")
      .filter((kind) => kind !== "" && !kind.startsWith("events"));
    const left = async () => (await listed(kinds.join(","))).map(nameOf).sort();
    const ofEveryNamespace = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];
    await until("nothing else is left", 60, left, (names) => names.length <= ofEveryNamespace.length + 1);
    expect(await left()).toEqual([...ofEveryNamespace, "PersistentVolumeClaim/nocp-transactions"].sort());
  });
});
