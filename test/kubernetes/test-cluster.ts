// Programs and a control plane for the tests of this folder; cluster/README.md says what they need.
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../servers/start-test-deployment.ts";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "cluster");
const maxOutputBytes = 64 * 1024 * 1024;

/** Where the programs are, or will be. */
export const binFolder = process.env.NOCP_TEST_KUBERNETES_BIN || join(projectRoot, ".nocp/kubernetes/bin");

/** What build.sh makes, by part. */
const programs = {
  kube: ["kube"],
  keda: ["keda-operator", "keda-adapter"],
  tools: ["helm", "kustomize"],
  nats: ["nats-server"],
  pause: ["pause"],
  prometheus: ["promtool", "prometheus"],
  jaeger: ["jaeger"],
} as const;
export type Part = keyof typeof programs;

/**
 * Builds what is missing; takes minutes the first time.
 * @throws Error naming the command that is missing.
 */
export function ensurePrograms(...parts: readonly Part[]): void {
  const missing = parts.filter((part) => programs[part].some((name) => !existsSync(join(binFolder, name))));
  if (missing.length === 0) return;
  for (const command of ["go", "curl", "openssl"]) {
    if (spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0)
      throw new Error(`these tests build Kubernetes from source and need the command ${command}: install it and try again`);
  }
  execFileSync(join(scripts, "build.sh"), missing, { env: { ...process.env, BIN: binFolder }, stdio: "inherit" });
}

export const programOf = (name: string): string => join(binFolder, name);

export interface TestCluster {
  readonly kubeconfig: string;
  /** Addresses of the nats-server, where that part runs. */
  readonly natsUrl: string;
  readonly natsMonitoring: string;
  /** @returns standard output. @throws Error with what kubectl said. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  helm(args: readonly string[]): Promise<string>;
  /** Command that a program is started by to reach the cluster's addresses; none is needed without a real node. */
  readonly enter: readonly string[];
  stop(): Promise<void>;
}

/** Beside the control plane; crds are the kinds of objects that operators bring. */
type ClusterPart = "nats" | "keda" | "crds";

/** The address of a real node, in a network of its own. */
const nodeAddress = "198.51.100.10";

/**
 * Starts a cluster of its own.
 * @param images archives of images for a real node, which takes the place of the fake ones.
 * @param accounts a file with accounts and users for the nats-server; without it everybody is let in.
 */
export async function startCluster(
  parts: readonly ClusterPart[],
  images?: readonly string[],
  accounts?: string,
): Promise<TestCluster> {
  ensurePrograms("kube", "tools", ...parts.filter((part) => part !== "crds"));
  const state = mkdtempSync(join(tmpdir(), "nocp-kubernetes-"));
  const port = await freePorts(20);
  const network = images ? `nocp-${process.pid}` : undefined;
  const ofNode = images && network ? { NETNS: network, NODE_IP: nodeAddress, FAKE_NODES: "0", IMAGES: images.join(" ") } : {};
  const env = { ...process.env, STATE: state, BIN: binFolder, PORT: String(port), NATS_ACCOUNTS: accounts ?? "", ...ofNode };
  const cluster = join(scripts, "cluster.sh");
  const kubeconfig = join(state, "conf/admin.kubeconfig");
  const host = images ? nodeAddress : "127.0.0.1";
  const enter = network ? ["nsenter", `--net=/run/netns/${network}`] : [];
  const executeInside = (program: string, args: readonly string[], input?: string): Promise<string> => {
    const [command = program, ...all] = [...enter, program, ...args];
    return execute(command, all, input);
  };
  const stop = async () => {
    await run(cluster, ["down"], { env, maxBuffer: maxOutputBytes });
    if (network) await run("ip", ["netns", "delete", network]);
    rmSync(state, { recursive: true, force: true });
  };
  try {
    await run(cluster, ["up", ...parts, ...(images ? ["node"] : [])], { env, maxBuffer: maxOutputBytes });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kubeconfig,
    natsUrl: `nats://${host}:${port + 11}`,
    natsMonitoring: `${host}:${port + 12}`,
    kubectl: (args, input) => executeInside(programOf("kube"), ["kubectl", "--kubeconfig", kubeconfig, ...args], input),
    helm: (args) => executeInside(programOf("helm"), ["--kubeconfig", kubeconfig, ...args]),
    enter,
    stop,
  };
}

async function execute(program: string, args: readonly string[], input?: string): Promise<string> {
  const running = run(program, args, { maxBuffer: maxOutputBytes });
  running.child.stdin?.end(input ?? "");
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr = "", stdout = "" } = error as { stderr?: string; stdout?: string };
    throw new Error(`${args.slice(0, 4).join(" ")} failed: ${stderr.trim()} ${stdout.trim()}`.slice(0, 4000));
  }
}

/** The first of some ports in a row that are all free now. */
async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 900) * 20;
    const areFree = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

/** Polls until the value is as wanted. @throws Error naming the last value. */
export async function until<T>(
  what: string,
  seconds: number,
  load: () => Promise<T>,
  isWanted: (value: T) => boolean,
): Promise<T> {
  const endsAt = Date.now() + seconds * 1000;
  let last: T | undefined;
  let problem: unknown;
  while (Date.now() < endsAt) {
    try {
      last = await load();
      if (isWanted(last)) return last;
    } catch (error) {
      problem = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what}: not so after ${seconds} s; last ${JSON.stringify(last)} ${problem ?? ""}`);
}
