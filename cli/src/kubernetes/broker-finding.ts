// The broker that a deployment will use, as its monitoring port describes it, read through the API server.
import type { Finding } from "../doctor/finding.ts";
import { isAtLeast, minimumVersion } from "../setup/nats-server/nats-server-version.ts";
import type { ChartValues } from "./chart-values.ts";
import type { Kubectl } from "./kubectl.ts";

interface ServerState {
  readonly version?: string;
  readonly jetstream?: {
    readonly config?: { readonly sync_always?: boolean };
    readonly meta?: { readonly cluster_size?: number };
  };
}

/** Releases that lose messages of replicated work queues: nats-io/nats-server#7817. */
const unsafeVersions = ["2.12.3", "2.12.4"];
const what = "broker";

/** `nats-headless.nocp.svc:8222` as the path of the API server's proxy; undefined for what is no service of the cluster. */
export function proxyPathOf(monitoring: string, namespace: string): string | undefined {
  const [, service, own = namespace, port] =
    /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(?:\.svc(?:\.[a-z0-9.-]+)?)?)?:(\d+)$/.exec(monitoring) ?? [];
  return service && port ? `/api/v1/namespaces/${own}/services/http:${service}:${port}/proxy/varz` : undefined;
}

export async function brokerFinding(kubectl: Kubectl, namespace: string, values: ChartValues): Promise<Finding> {
  const { broker, nats } = values;
  if (!broker.url && nats.enabled) return { what, state: "ok", detail: "comes with the release" };
  if (!broker.url)
    return { what, state: "wrong", detail: "broker.url is empty and nats.enabled is false", advice: "Set one of them" };
  if (!broker.monitoring)
    return values.autoscaling.kind === "keda"
      ? {
          what,
          state: "wrong",
          detail: "broker.monitoring is empty, and KEDA reads it",
          advice: "Set it, e.g. nats-headless.nocp.svc:8222",
        }
      : { what, state: "optional", detail: `${broker.url} is not looked at: broker.monitoring is empty` };
  const path = proxyPathOf(broker.monitoring, namespace);
  if (path === undefined)
    return { what, state: "optional", detail: `${broker.monitoring} is no service of the cluster, and not looked at` };
  const said = await kubectl("get", "--raw", path);
  if ("reason" in said)
    return {
      what,
      state: "missing",
      detail: `${broker.monitoring} does not answer: ${said.reason}`,
      advice: "Start the broker, or correct broker.monitoring",
    };
  return stateFinding(said.text, broker.replicas);
}

function stateFinding(text: string, replicas: number): Finding {
  let state: ServerState;
  try {
    state = JSON.parse(text) as ServerState;
  } catch {
    return { what, state: "wrong", detail: "what answers is no NATS server", advice: "Correct broker.monitoring" };
  }
  const { version = "0.0.0", jetstream } = state;
  const servers = jetstream?.meta?.cluster_size ?? 1;
  if (!isAtLeast(version, minimumVersion) || unsafeVersions.includes(version))
    return {
      what,
      state: "wrong",
      detail: `NATS ${version}`,
      advice: `Use ${minimumVersion} or newer, but not ${unsafeVersions.join(" or ")}`,
    };
  if (jetstream?.config === undefined)
    return { what, state: "wrong", detail: `NATS ${version} without JetStream`, advice: "Enable it: config.jetstream.enabled" };
  if (servers < replicas)
    return {
      what,
      state: "wrong",
      detail: `${servers} ${servers === 1 ? "server" : "servers"}, but broker.replicas is ${replicas}`,
      advice: "Add servers, or lower broker.replicas",
    };
  if (jetstream.config.sync_always !== true)
    return {
      what,
      state: "optional",
      detail: `NATS ${version}, which may lose what it accepted in the last minutes when the power fails`,
      advice: "Set config.merge.jetstream.sync_interval to always",
    };
  return { what, state: "ok", detail: `NATS ${version}, ${servers} ${servers === 1 ? "server" : "servers"}` };
}
