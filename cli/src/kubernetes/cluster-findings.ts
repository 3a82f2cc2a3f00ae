// What a cluster lacks for the chart, one finding for each thing that it needs. Pure but for kubectl, which only reads.
import { chainedRoles, defaultTenant, services } from "@nocp/contracts/topology.ts";
import type { Finding } from "../doctor/finding.ts";
import { isAtLeast } from "../setup/nats-server/nats-server-version.ts";
import type { ChartValues } from "./chart-values.ts";
import type { Kubectl } from "./kubectl.ts";

/** As `kubeVersion` of the chart. */
const minimumKubernetes = "1.29.0";

/** Whether there is an API server at all; the other findings need it. */
export async function serverFinding(kubectl: Kubectl): Promise<Finding> {
  const what = "Kubernetes";
  const said = await kubectl("get", "--raw", "/version");
  if ("reason" in said)
    return {
      what,
      state: "missing",
      detail: `no API server answers: ${said.reason}`,
      advice: "See that `kubectl get nodes` works",
    };
  const version = /"gitVersion":\s*"v?(\d+\.\d+\.\d+)/.exec(said.text)?.[1] ?? "0.0.0";
  if (!isAtLeast(version, minimumKubernetes))
    return { what, state: "wrong", detail: `${version} is older than ${minimumKubernetes}`, advice: "Upgrade the cluster" };
  return { what, state: "ok", detail: version };
}

export async function namespaceFinding(kubectl: Kubectl, namespace: string): Promise<Finding> {
  const what = "namespace";
  const said = await kubectl("get", "namespace", namespace, "--output", "name");
  if ("text" in said) return { what, state: "ok", detail: namespace };
  return {
    what,
    state: "missing",
    detail: `${namespace}: ${said.reason}`,
    advice: `kubectl create namespace ${namespace}, or name another with --namespace`,
  };
}

/** Kinds that the chart makes, as `kubectl auth can-i` names them. */
const kindsOf = (values: ChartValues): string[] => [
  "deployments.apps",
  "jobs.batch",
  "services",
  "configmaps",
  "serviceaccounts",
  "persistentvolumeclaims",
  "poddisruptionbudgets.policy",
  ...(values.networkPolicy.enabled ? ["networkpolicies.networking.k8s.io"] : []),
  ...(values.autoscaling.kind === "hpa" ? ["horizontalpodautoscalers.autoscaling"] : []),
  ...(values.autoscaling.kind === "keda" ? ["scaledobjects.keda.sh"] : []),
  ...(values.monitoring.podMonitor.enabled ? ["podmonitors.monitoring.coreos.com"] : []),
  ...(values.monitoring.rules.enabled ? ["prometheusrules.monitoring.coreos.com"] : []),
  // Where Helm keeps its releases.
  "secrets",
];

export async function permissionsFinding(kubectl: Kubectl, namespace: string, values: ChartValues): Promise<Finding> {
  const what = "permissions";
  const kinds = kindsOf(values);
  const answers = await Promise.all(kinds.map((kind) => kubectl("auth", "can-i", "create", kind, "--namespace", namespace)));
  const refused = kinds.filter((_, at) => !("text" in (answers[at] ?? { reason: "" })));
  if (refused.length === 0) return { what, state: "ok", detail: `you may create all ${kinds.length} kinds of objects` };
  return { what, state: "missing", detail: `you may not create ${refused.join(", ")}`, advice: "Ask for a role that may" };
}

/** Kinds that Kubernetes does not know by itself. */
export async function kindFindings(kubectl: Kubectl, values: ChartValues): Promise<Finding[]> {
  const wanted = [
    {
      what: "KEDA",
      isNeeded: values.autoscaling.kind === "keda",
      kinds: ["scaledobjects.keda.sh"],
      advice: "Install KEDA, or set autoscaling.kind to hpa or none",
    },
    {
      what: "Prometheus operator",
      isNeeded: values.monitoring.podMonitor.enabled || values.monitoring.rules.enabled,
      kinds: ["podmonitors.monitoring.coreos.com", "prometheusrules.monitoring.coreos.com"],
      advice: "Install it, or set monitoring.podMonitor.enabled and monitoring.rules.enabled to false",
    },
  ];
  return Promise.all(
    wanted
      .filter(({ isNeeded }) => isNeeded)
      .map(async ({ what, kinds, advice }): Promise<Finding> => {
        const said = await kubectl("get", "customresourcedefinitions", ...kinds, "--output", "name");
        return "text" in said
          ? { what, state: "ok", detail: kinds.join(", ") }
          : { what, state: "missing", detail: said.reason, advice };
      }),
  );
}

/** Keys of which a secret must have one set. */
const brokerKeys = [["NATS_USER", "NATS_PASSWORD"], ["NATS_TOKEN"]];
const providerKeys = [
  ["OPENAI_API_KEY"],
  ["ANTHROPIC_API_KEY"],
  ["GEMINI_API_KEY"],
  ["NOCP_PROVIDERS_OPENAI_COMPATIBLE_API_KEY"],
];

/** As the chart names them: of the users that it deploys something for. */
function userSecrets({ broker: { userSecrets: prefix }, chain }: ChartValues): string[] {
  const roles = chain ? chainedRoles() : services;
  return prefix === "" ? [] : [...roles, "admin", `tenant-${defaultTenant}`].map((name) => `${prefix}-${name}`);
}

/** Every secret that the values name: is it there, with keys that a service reads. Values of keys are not looked at. */
export async function secretFindings(kubectl: Kubectl, namespace: string, values: ChartValues): Promise<Finding[]> {
  const named: readonly (readonly [string | undefined, readonly (readonly string[])[]])[] = [
    ...userSecrets(values).map((name) => [name, brokerKeys] as const),
    [values.broker.existingSecret, brokerKeys],
    [values.broker.provisionerSecret, brokerKeys],
    [values.providers.existingSecret, providerKeys],
    ...Object.values(values.services).map(({ existingSecret }) => [existingSecret, []] as const),
  ];
  return Promise.all(named.flatMap(([name, sets]) => (name ? [secretFinding(kubectl, namespace, name, sets)] : [])));
}

async function secretFinding(
  kubectl: Kubectl,
  namespace: string,
  name: string,
  sets: readonly (readonly string[])[],
): Promise<Finding> {
  const what = `secret ${name}`;
  const keysOnly = "go-template={{range $key, $_ := .data}}{{$key}} {{end}}";
  const said = await kubectl("get", "secret", name, "--namespace", namespace, "--output", keysOnly);
  if ("reason" in said)
    return {
      what,
      state: "missing",
      detail: said.reason,
      advice: `kubectl --namespace ${namespace} create secret generic ${name} --from-literal=${sets[0]?.[0] ?? "NAME"}=…`,
    };
  const keys = said.text.split(" ").filter((key) => key !== "");
  if (sets.length === 0 || sets.some((set) => set.every((key) => keys.includes(key))))
    return { what, state: "ok", detail: keys.join(", ") };
  const expected = sets.map((set) => set.join(" and ")).join(", or ");
  return { what, state: "wrong", detail: `has ${keys.join(", ") || "no key"}`, advice: `It must have ${expected}` };
}
