// What the Helm chart renders, and whether the Kustomize overlays are the same objects.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chainedRoles, processRoles, services, stages, topologyOf } from "@nocp/contracts/topology.ts";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type KubernetesObject,
  kustomizeFiles,
  nameOf,
  objectsOf,
  overlays,
  renderChart,
  withoutHelmMarks,
} from "../../deploy/kubernetes/rendered-chart.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { chainedRenderings, external, renderings } from "./renderings.ts";
import { ensurePrograms, programOf } from "./test-cluster.ts";

const folder = join(projectRoot, "deploy/kubernetes");
const helm = programOf("helm");
beforeAll(() => ensurePrograms("tools"));

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly resources: { readonly requests?: object; readonly limits?: { readonly memory?: string } };
  readonly securityContext: object;
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
}

interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: object;
  readonly containers: readonly Container[];
}

interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  };
}

const deploymentsOf = (objects: readonly KubernetesObject[]): Workload[] =>
  objects.filter(({ kind }) => kind === "Deployment") as Workload[];
const podsOf = (objects: readonly KubernetesObject[]): [string, PodSpec][] =>
  objects.flatMap((object): [string, PodSpec][] => {
    if (object.kind === "Pod") return [[nameOf(object), object.spec as PodSpec]];
    if (object.kind === "Deployment" || object.kind === "Job") return [[nameOf(object), (object as Workload).spec.template.spec]];
    return [];
  });

describe.each(Object.entries(renderings))("%s", (name, render) => {
  const isChained = Object.hasOwn(chainedRenderings, name);
  const roles = isChained ? chainedRoles() : services;
  let objects: KubernetesObject[] = [];
  beforeAll(() => {
    objects = render();
  });

  test("every service is deployed once, by its name, with a memory limit and longer to stop than it needs", () => {
    const deployments = deploymentsOf(objects);
    expect(deployments.map(({ spec }) => spec.template.spec.containers[0]?.args)).toEqual(roles.map((role) => [role]));
    for (const { metadata, spec } of deployments) {
      const { containers, terminationGracePeriodSeconds } = spec.template.spec;
      expect(terminationGracePeriodSeconds, metadata.name).toBeGreaterThan(20);
      expect(containers[0]?.resources.limits?.memory, metadata.name).toMatch(/^\d+Mi$/);
      expect(containers[0], metadata.name).toMatchObject({
        // It fails the first time, while the service connects, and a longer period would be how long a start takes.
        readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 1 },
        livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
      });
      expect(spec.template.metadata.labels, metadata.name).toMatchObject(spec.selector.matchLabels);
    }
    expect(objects.map(nameOf)).toEqual([...new Set(objects.map(nameOf))]);
  });

  test("what belongs to a service is there for those that are deployed, and for no other", () => {
    const withComponent = (wanted: string) =>
      objects
        .filter(({ kind }) => kind === wanted)
        .map(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] ?? "")
        .sort();
    for (const kind of ["Service", "ServiceAccount", "PodDisruptionBudget"])
      expect(withComponent(kind), kind).toEqual([...roles].sort());
    const others = objects
      .filter(({ kind }) => kind !== "Secret")
      .filter((object) => processRoles.some((role) => !roles.includes(role) && nameOf(object).endsWith(`/nocp-${role}`)));
    expect(others.map(nameOf)).toEqual([]);
  });

  test("every pod is restricted and has no token of the API server", () => {
    const pods = podsOf(objects);
    expect(pods.length).toBeGreaterThanOrEqual(roles.length + 2);
    for (const [pod, spec] of pods) {
      expect(spec, pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const { securityContext } of spec.containers)
        expect(securityContext, pod).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
    }
  });

  test("every variable is a documented setting, and every ConfigMap that is named is there", () => {
    const documented = new Set(readFileSync(join(projectRoot, "docs/configuration.md"), "utf8").match(/\b[A-Z][A-Z0-9_]+\b/g));
    const maps = objects.filter(({ kind }) => kind === "ConfigMap");
    const settings = maps.filter(({ metadata }) => metadata.name.endsWith("-settings"));
    const given = [
      ...settings.flatMap(({ data }) => Object.keys(data as object)),
      ...podsOf(objects).flatMap(([, { containers }]) => containers.flatMap(({ env = [] }) => env.map((one) => one.name))),
    ];
    expect(given.length).toBeGreaterThan(3);
    expect(given.filter((variable) => !documented.has(variable))).toEqual([]);
    const named = podsOf(objects).flatMap(([, { containers }]) => containers.flatMap(({ envFrom = [] }) => envFrom));
    const missing = named.filter(
      ({ configMapRef }) => configMapRef && !maps.some(({ metadata }) => metadata.name === configMapRef.name),
    );
    expect(missing).toEqual([]);
  });

  test("only what calls providers has their keys", () => {
    const secret = "nocp-providers";
    const holders = podsOf(objects)
      .filter(([, { containers }]) =>
        containers.some(({ envFrom = [] }) => envFrom.some(({ secretRef }) => secretRef?.name === secret)),
      )
      .map(([pod]) => pod);
    const caller = isChained ? "Deployment/nocp-chain" : "Deployment/nocp-llm-router";
    expect(holders).toEqual(name.startsWith("production") ? [caller] : []);
  });

  test("a stage is scaled by one thing, which reads all its queues", () => {
    const scaled = objects.filter(({ kind }) => kind === "ScaledObject" || kind === "HorizontalPodAutoscaler");
    const targets = scaled.map(({ spec }) => (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
    expect(targets).toEqual([...new Set(targets)]);
    const deployments = deploymentsOf(objects);
    expect(targets.filter((target) => !deployments.some(({ metadata }) => metadata.name === target))).toEqual([]);
    for (const target of targets)
      expect(deployments.find(({ metadata }) => metadata.name === target)?.spec.replicas, target).toBeUndefined();
    const read = scaled
      .filter(({ kind, metadata }) => kind === "ScaledObject" && metadata.name !== "nocp-gateway")
      .map(({ spec }) =>
        (spec as { triggers: { metadata: { stream: string; consumer: string; activationLagThreshold: string } }[] }).triggers.map(
          ({ metadata }) => [metadata.stream, metadata.consumer, metadata.activationLagThreshold],
        ),
      );
    const expected = [...stages]
      .sort()
      .map((stage) => ["batch", "interactive", "passing"].map((lane) => [topologyOf(stage).stream, `${stage}-${lane}`, "0"]));
    // Separate stages may have left requests in any of them.
    const queues = isChained ? [expected.flat()] : expected;
    expect(read).toEqual(read.length === 0 ? [] : queues);
  });
});

describe("the HTTP API", () => {
  const hostIn = (objects: readonly KubernetesObject[]) =>
    podsOf(objects)
      .find(([pod]) => pod === "Deployment/nocp-gateway")?.[1]
      .containers[0]?.env?.find(({ name }) => name === "NOCP_GATEWAY_HOST");

  test("is reached by kubectl's port-forward only, as long as it has no key", () => {
    expect(hostIn(renderings.local?.() ?? [])).toEqual({ name: "NOCP_GATEWAY_HOST", value: "127.0.0.1" });
    expect(() => renderChart({ helm, set: [external, "nats.enabled=false", "services.gateway.ingress.enabled=true"] })).toThrow(
      /open to everybody/,
    );
  });

  test("is open with a key, and what leads to it names its port and waits longer than a call may take", () => {
    const objects = renderings["the HTTP API open, behind both kinds of proxy"]?.() ?? [];
    expect(hostIn(objects)).toEqual({ name: "NOCP_GATEWAY_HOST", value: "0.0.0.0" });
    const of = (kind: string) => objects.find((object) => object.kind === kind && object.metadata.name === "nocp-gateway");
    expect(of("Service")?.spec).toMatchObject({ ports: [{ name: "http" }, { name: "api", port: 4000, targetPort: "api" }] });
    expect(of("Ingress")?.spec).toMatchObject({
      tls: [{ secretName: "nocp-tls", hosts: ["nocp.example.com"] }],
      rules: [
        {
          host: "nocp.example.com",
          http: { paths: [{ backend: { service: { name: "nocp-gateway", port: { name: "api" } } } }] },
        },
      ],
    });
    expect(of("HTTPRoute")?.spec).toMatchObject({ rules: [{ backendRefs: [{ name: "nocp-gateway", port: 4000 }] }] });
    expect(of("ScaledObject")?.spec).toMatchObject({ minReplicaCount: 1, triggers: [{ type: "prometheus" }] });
    const callSeconds =
      Number(
        /NOCP_GATEWAY_TIMEOUT_MS`[^|]*\|[^|]*\| `(\d+)`/.exec(
          readFileSync(join(projectRoot, "docs/configuration.md"), "utf8"),
        )?.[1],
      ) / 1000;
    expect(callSeconds).toBeGreaterThan(0);
    const route = of("HTTPRoute")?.spec as { rules: { timeouts: { request: string } }[] };
    expect(Number.parseInt(route.rules[0]?.timeouts.request ?? "", 10)).toBeGreaterThan(callSeconds);
    const readTimeout = of("Ingress")?.metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-read-timeout"];
    expect(Number(readTimeout)).toBeGreaterThan(callSeconds);
  });
});

describe("one process for all stages", () => {
  const chained = (...set: readonly string[]) => renderChart({ helm, set: ["chain=true", ...set] });

  test("reaches what llm-router and act reach, and no other service does", () => {
    const objects = renderings["production, with one process for all stages"]?.() ?? [];
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
    const outgoing = policies.filter(({ spec }) => (spec as { policyTypes: string[] }).policyTypes.join() === "Egress");
    expect(outgoing.map(({ metadata }) => metadata.name)).toEqual(["nocp-chain"]);
    expect(outgoing[0]?.spec).toMatchObject({
      podSelector: { matchLabels: { "app.kubernetes.io/component": "chain" } },
      egress: [
        { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] },
        { to: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 8443 }] },
      ],
    });
  });

  test("has the settings and Secrets of each stage, and its own over them", () => {
    const objects = chained(
      "services.act.settings.NOCP_ACT_WORKERS=2",
      "services.act.existingSecret=tools",
      "services.articulate.existingSecret=tools",
      "services.assess.settings.NOCP_LOG_LEVEL=warn",
      "services.articulate.settings.NOCP_LOG_LEVEL=error",
      "services.chain.settings.NOCP_LOG_LEVEL=debug",
      "services.chain.existingSecret=own",
    );
    const container = podsOf(objects).find(([pod]) => pod === "Deployment/nocp-chain")?.[1].containers[0];
    expect(container?.env).toEqual([
      { name: "NOCP_ACT_WORKERS", value: "2" },
      { name: "NOCP_LOG_LEVEL", value: "debug" },
    ]);
    expect(container?.envFrom?.flatMap(({ secretRef }) => secretRef?.name ?? [])).toEqual(["nocp-broker-chain", "tools", "own"]);
  });

  test("is refused when the stages have different values of a setting, of which it can have one", () => {
    const set = ["services.act.settings.NOCP_LOG_LEVEL=warn", "services.assess.settings.NOCP_LOG_LEVEL=info"];
    expect(() => chained(...set)).toThrow(/different values of NOCP_LOG_LEVEL: set it in services\.chain\.settings/);
    expect(() => chained(...set, "services.chain.settings.NOCP_LOG_LEVEL=info")).not.toThrow();
  });
});

test("the job that creates streams has the settings of the services, without their ConfigMap", () => {
  const objects = renderings["a broker of one's own"]?.() ?? [];
  const job = podsOf(objects).find(([pod]) => pod.startsWith("Job/"))?.[1].containers[0];
  expect(job?.env).toEqual(
    expect.arrayContaining([
      { name: "NATS_URL", value: "nats://nats:4222" },
      { name: "NOCP_MESSAGING_PROVISION", value: "ensure" },
    ]),
  );
  expect(job?.envFrom).toBeUndefined();
});

test("what only a hook owns is deleted when it has done its work: Helm does not uninstall it", () => {
  const hooks = Object.values(renderings)
    .flatMap((render) => render())
    .filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] !== undefined);
  expect(hooks.length).toBeGreaterThan(5);
  for (const hook of hooks)
    expect(hook.metadata.annotations?.["helm.sh/hook-delete-policy"], nameOf(hook)).toContain("hook-succeeded");
});

test.each([
  ["no broker at all", ["nats.enabled=false"], /broker\.url is empty/],
  ["an unknown value", ["imag.tag=1"], /imag/],
  ["a setting that is no variable", ["settings.logLevel=debug"], /settings/],
  ["a chain that is no switch", ["chain=act"], /chain/],
  ["two ways to scale", ["autoscaling.kind=both"], /autoscaling/],
  ["KEDA without the broker's numbers", ["nats.enabled=false", external, "autoscaling.kind=keda"], /broker\.monitoring is empty/],
])("%s is refused with the reason", (_, set, reason) => {
  expect(() => renderChart({ helm, set })).toThrow(reason);
});

test("the Kustomize files are those that the chart gives", () => {
  const files = kustomizeFiles(helm);
  for (const { path, text } of files) expect(readFileSync(join(folder, path), "utf8"), path).toBe(text);
  const there = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".yaml"));
  expect(there.sort()).toEqual(files.map(({ path }) => path).sort());
});

test.each(Object.entries(overlays))("the overlay %s is the chart with its values, object for object", (name, options) => {
  const built = execFileSync(programOf("kustomize"), ["build", join(folder, "overlays", name)], { encoding: "utf8" });
  const own = withoutHelmMarks(objectsOf(built)).map(({ metadata: { namespace, ...metadata }, ...object }) => {
    expect(namespace, metadata.name).toBe("nocp");
    return { ...object, metadata };
  });
  expect(own).toEqual(withoutHelmMarks(renderChart({ helm, ...options })));
});
