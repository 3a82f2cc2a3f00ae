// docker-compose.yml, deploy/compose, deploy/prometheus and deploy/grafana against the code and the reference documents.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { processRoles, services, stages } from "@nocp/contracts/topology.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>> | readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly cap_drop?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: unknown;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(read("docker-compose.yml"), { merge: true }) as Compose;
/** What is laid over it: one process for all stages. */
const chained = parse(read("deploy/compose/chain.yaml")) as Pick<Compose, "services">;
/** They end before the services start. */
const jobs = ["prepare", "provision"];
const composeServices = Object.entries(compose.services);
const ownServices = processRoles.map((name) => [name, compose.services[name] ?? chained.services[name]] as const);
const documented = (document: string, pattern: RegExp): string[] => [
  ...new Set([...read(document).matchAll(pattern)].map(([, name]) => name ?? "")),
];

test("every service of the topology runs from the one image, with its name as the command", () => {
  for (const [name, service] of ownServices) {
    expect(service, name).toMatchObject({ command: [name], build: { context: ".", dockerfile: "deploy/Dockerfile" } });
    expect(existsSync(join(root, "services", name, "src/main.ts")), name).toBe(true);
  }
  expect(new Set(ownServices.map(([, service]) => service?.image)).size).toBe(1);
  const built = composeServices.filter(([, service]) => service.build).map(([name]) => name);
  expect(built.sort()).toEqual([...services, ...jobs].sort());
});

test("with one process for all stages, the stages have no container, and nothing waits for one", () => {
  const { chain, ...others } = chained.services;
  expect(others).toEqual(Object.fromEntries(stages.map((stage) => [stage, { deploy: { replicas: 0 } }])));
  const waitedFor = [...composeServices.map(([, service]) => service), chain].flatMap((service) =>
    Array.isArray(service?.depends_on) ? service.depends_on : Object.keys(service?.depends_on ?? {}),
  );
  expect(waitedFor).toContain("nats");
  expect(waitedFor.filter((name) => stages.some((stage) => stage === name))).toEqual([]);
});

test("the process of all stages has the settings and the files of each", () => {
  const { chain } = chained.services;
  for (const stage of stages) {
    const { NATS_USER: _, ...settings } = compose.services[stage]?.environment ?? {};
    expect(chain?.environment, stage).toMatchObject(settings);
    const mounted = (compose.services[stage]?.volumes ?? []).filter((volume) => !volume.includes(".nocp"));
    expect(chain?.volumes, stage).toEqual(expect.arrayContaining(mounted));
  }
});

test("every job is one of the image, runs once, and cannot write to its root", () => {
  for (const name of jobs) {
    expect(existsSync(join(root, "deploy/jobs", `${name}.ts`)), name).toBe(true);
    expect(compose.services[name], name).toMatchObject({ restart: "no", read_only: true, cap_drop: ["ALL"] });
    expect(compose.services[name]?.command?.[0]).toBe(name);
  }
});

test("every service runs without root, capabilities and a writable root, and waits for NATS", () => {
  for (const [name, service] of ownServices) {
    expect(service, name).toMatchObject({
      read_only: true,
      init: true,
      cap_drop: ["ALL"],
      restart: "unless-stopped",
      depends_on: { provision: { condition: "service_completed_successfully" } },
    });
    expect(service?.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  }
  expect(compose.services.provision?.depends_on).toEqual({ nats: { condition: "service_healthy" } });
  expect(compose.services.nats?.healthcheck).toBeDefined();
});

test("a service that is stopped has longer than its own grace period before it is killed", () => {
  const graceMs = Number(/messaging\.gracePeriodMs` \|[^|]*\|[^|]*\| `(\d+)`/.exec(read("docs/configuration.md"))?.[1]);
  expect(graceMs).toBeGreaterThan(0);
  for (const [name, service] of ownServices) {
    expect(Number.parseInt(service?.stop_grace_period ?? "", 10) * 1000, name).toBeGreaterThan(graceMs);
  }
});

test("every variable that a service is given, or that compose reads, is a documented setting", () => {
  const known = documented("docs/configuration.md", /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g);
  const given = ownServices.flatMap(([, service]) => Object.keys(service?.environment ?? {}));
  const readByCompose = [...read("docker-compose.yml").matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name);
  expect(given.length).toBeGreaterThan(10);
  expect([...given, ...readByCompose].filter((name) => !known.includes(name ?? ""))).toEqual([]);
});

test("every provider's key reaches what calls providers, and no other service", () => {
  const secrets = documented("docs/configuration.md", /`([A-Z0-9_]+_API_KEY)`/g).filter((name) => !name.startsWith("NOCP_"));
  const holders = ownServices.filter(([, service]) =>
    Object.keys(service?.environment ?? {}).some((name) => name.endsWith("_KEY") && name !== "NOCP_GATEWAY_API_KEY"),
  );
  expect(secrets).toEqual(expect.arrayContaining(["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"]));
  expect(holders.map(([name]) => name)).toEqual(["llm-router", "chain"]);
  for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"]) {
    expect(compose.services["llm-router"]?.environment).toHaveProperty(name, `\${${name}:-}`);
  }
});

test("the services that read the router's settings are given the same ones", () => {
  const given = (name: string) =>
    Object.entries(compose.services[name]?.environment ?? {}).filter(([variable]) => variable.startsWith("NOCP_ROUTER_"));
  expect(given("llm-router")).not.toEqual([]);
  for (const name of ["assess", "gateway"]) expect(given(name), name).toEqual(given("llm-router"));
});

test("NATS writes every message to the disk before it acknowledges it, and the services say so", () => {
  const mounted = compose.services.nats?.volumes?.find((volume) => volume.startsWith("./deploy/nats:"));
  expect(compose.services.nats?.command).toEqual(["--config", `${mounted?.split(":")[1]}/nats.conf`]);
  expect(read("deploy/nats/nats.conf")).toMatch(/^\s*sync_interval: always$/m);
  for (const [name, service] of ownServices) expect(service?.environment, name).toMatchObject({ NOCP_NATS_SYNC: "always" });
});

test("every image is pinned to a full version", () => {
  for (const [name, { image }] of composeServices) expect(image, name).toMatch(/^[^:]+:v?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/);
});

test("nothing is reachable from outside the machine", () => {
  const published = composeServices.flatMap(([, service]) => service.ports ?? []);
  expect(published).toContain("127.0.0.1:4222:4222");
  expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
});

test("every file and volume that compose mounts is there", () => {
  const sources = composeServices.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(":")[0] ?? "");
  // The job `prepare` makes the folders of credentials.
  const missing = sources
    .filter((source) => !source.startsWith("./.nocp/compose"))
    .filter((source) => (source.startsWith("./") ? !existsSync(join(root, source)) : !Object.hasOwn(compose.volumes, source)));
  expect(missing).toEqual([]);
  expect(Object.keys(compose.volumes).filter((name) => !sources.includes(name))).toEqual([]);
});

test("Prometheus reads every replica of every service on the port of the image, and nothing that compose does not run", () => {
  const { scrape_configs: jobs, rule_files: ruleFiles } = parse(read("deploy/prometheus/prometheus.yml")) as {
    rule_files: string[];
    scrape_configs: {
      job_name: string;
      static_configs?: { targets: string[] }[];
      dns_sd_configs?: { names: string[]; port: number; type: string }[];
    }[];
  };
  const port = /NOCP_HTTP_PORT=(\d+)/.exec(read("deploy/Dockerfile"))?.[1];
  const own = jobs.find((job) => job.job_name === "nocp")?.dns_sd_configs;
  expect(own).toMatchObject([{ names: [...processRoles], port: Number(port), type: "A" }]);
  const targets = jobs.flatMap((job) => job.static_configs ?? []).flatMap((config) => config.targets);
  const hosts = targets.map((target) => target.split(":")[0] ?? "");
  expect(hosts).toEqual(["nats-exporter"]);
  expect(hosts.filter((host) => !Object.hasOwn(compose.services, host))).toEqual([]);
  const mounted = compose.services.prometheus?.volumes ?? [];
  expect(ruleFiles).toEqual(["rules.yml"]);
  for (const file of ["prometheus.yml", ...ruleFiles])
    expect(mounted).toContain(`./deploy/prometheus/${file}:/etc/prometheus/${file}:ro`);
});

test("Grafana's datasources are services that compose runs", () => {
  const { datasources } = parse(read("deploy/grafana/provisioning/datasources/datasources.yml")) as {
    datasources: { uid: string; url: string }[];
  };
  expect(datasources.map(({ uid }) => uid)).toEqual(["prometheus", "jaeger"]);
  expect(datasources.map(({ url }) => new URL(url).hostname).filter((host) => !Object.hasOwn(compose.services, host))).toEqual(
    [],
  );
});
