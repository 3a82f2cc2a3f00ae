// The chart's ScaledObjects with KEDA and a real broker: replicas follow what waits. Pods are fake; a process beside the cluster
// does the work.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@nocp/client/create-client.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesFile, withOwnChart } from "../../deploy/kubernetes/rendered-chart.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { startCluster, type TestCluster, until } from "./test-cluster.ts";

const namespace = "nocp";
const cooldownSeconds = 20;
const maxReplicas = 8;
const requests = 5000;
/** The chart's default: messages for each replica. */
const lag = 64;
let cluster: TestCluster;
let chart: string;
let act: ChildProcess | undefined;

const scaled = (min: number): string[] => {
  const values = {
    "broker.url": cluster.natsUrl,
    "broker.monitoring": cluster.natsMonitoring,
    "autoscaling.kind": "keda",
    "autoscaling.min": min,
    "autoscaling.max": maxReplicas,
    "autoscaling.pollingInterval": 2,
    "autoscaling.cooldown": cooldownSeconds,
  };
  return ["--values", valuesFile("local"), ...Object.entries(values).flatMap(([name, value]) => ["--set", `${name}=${value}`])];
};

const environment = () => ({ ...process.env, NATS_URL: cluster.natsUrl, NOCP_HTTP_PORT: "0", NOCP_LOG_LEVEL: "warn" });

beforeAll(async () => {
  chart = mkdtempSync(join(tmpdir(), "nocp-chart-"));
  withOwnChart((folder) => cpSync(folder, chart, { recursive: true }));
  cluster = await startCluster(["nats", "keda"]);
  execFileSync(process.execPath, [join(projectRoot, "deploy/jobs/provision.ts")], { env: environment() });
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.helm(["install", "nocp", chart, "--namespace", namespace, ...scaled(1), "--wait", "--timeout", "120s"]);
  const all = ["--all", "--namespace", namespace, "--timeout", "60s"];
  await cluster.kubectl(["wait", "--for=condition=Ready", "scaledobject.keda.sh", ...all]);
});
afterAll(async () => {
  await stopAct();
  await cluster?.stop();
  rmSync(chart, { recursive: true, force: true });
});

/** The work of all replicas of act, whose pods are fake. */
function startAct(): void {
  act = spawn(process.execPath, [join(projectRoot, "services/act/src/main.ts")], { env: environment(), stdio: "inherit" });
}

async function stopAct(): Promise<void> {
  if (!act || act.exitCode !== null) return;
  const ended = new Promise((resolve) => act?.once("exit", resolve));
  act.kill("SIGTERM");
  await ended;
}

const replicasOfAct = async (): Promise<number> => {
  const pods = ["get", "pods", "--namespace", namespace, "--selector", "app.kubernetes.io/component=act"];
  const names = await cluster.kubectl([...pods, "--field-selector", "status.phase=Running", "--output", "name"]);
  return names.split("\n").filter((name) => name !== "").length;
};

/** Waits for a number of replicas, and prints each change with the seconds since the wait began. */
async function untilReplicas(what: string, limitSeconds: number, isWanted: (replicas: number) => boolean): Promise<void> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  let last = -1;
  await until(what, limitSeconds, replicasOfAct, (replicas) => {
    if (replicas !== last) console.log(`${what}: ${elapsed().toFixed(0)} s ${replicas} replicas`);
    last = replicas;
    return isWanted(replicas);
  });
}

async function submit(count: number): Promise<void> {
  const client = await createClient({ natsUrl: cluster.natsUrl });
  const request = (at: number) => ({ query: "Which port?", lane: at % 5 === 0 ? ("batch" as const) : ("interactive" as const) });
  for (let at = 0; at < count; at += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - at) }, (_, offset) => client.submit(request(at + offset))));
  await client.close();
}

test("5,000 requests raise the replicas to the maximum within 30 s, and served ones let them go within the cooldown", async () => {
  expect(await replicasOfAct()).toBe(1);
  expect(requests / lag).toBeGreaterThan(maxReplicas);
  await submit(requests);
  await untilReplicas("requests wait", 30, (replicas) => replicas === maxReplicas);
  startAct();
  // Serving, KEDA's and the autoscaler's intervals, and the cooldown; scaling down begins after the last message.
  await untilReplicas("requests are served", 60 + 3 * cooldownSeconds, (replicas) => replicas === 1);
  await stopAct();
});

test("with a minimum of 0 nothing runs without work, and one message starts a replica", async () => {
  await cluster.helm(["upgrade", "nocp", chart, "--namespace", namespace, ...scaled(0)]);
  await untilReplicas("no work", 60 + 2 * cooldownSeconds, (replicas) => replicas === 0);
  await submit(1);
  await untilReplicas("one request", 30, (replicas) => replicas === 1);
  startAct();
  await untilReplicas("it is served", 60 + 2 * cooldownSeconds, (replicas) => replicas === 0);
});
