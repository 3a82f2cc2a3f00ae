// NATS and the services as supervised processes: what `up`, `demo`, the e2e tests and the benchmarks run on.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { services as allServices, chainedRoles, type ProcessRole, type ServiceName } from "@nocp/contracts/topology.ts";
import { ensureCredentials } from "@nocp/runtime/accounts/credentials.ts";
import { writeLocalAccess } from "@nocp/runtime/accounts/local-access.ts";
import { natsAccountsFile } from "@nocp/runtime/accounts/nats-accounts.ts";
import { readTenants } from "@nocp/runtime/accounts/tenants-file.ts";
import { productVersionOf } from "../product-version.ts";
import type { NatsServerProgram } from "../setup/nats-server/nats-server-source.ts";
import { watchAnswers } from "../supervisor/answer-watch.ts";
import { type ProcessExit, type SupervisedProcess, superviseProcess } from "../supervisor/supervised-process.ts";
import { claimDataFolder } from "./data-version.ts";
import { freePort, freePorts } from "./free-port.ts";
import { sentenceOf } from "./log-line.ts";
import { provisionDeployment } from "./provision-deployment.ts";
import { builtEntries, type EntryOf, sourceEntries } from "./service-builds.ts";
import { type RunningNatsServer, startNatsServer } from "./start-nats-server.ts";
import { untilReady } from "./until-ready.ts";
import { watchStorage } from "./watch-storage.ts";

/** Where the messages go: a server somebody else runs, or a program to run one with. */
export type DeploymentNats =
  | { readonly url: string }
  | {
      readonly program: NatsServerProgram;
      readonly port?: number;
      readonly monitorPort?: number;
      /** Whether it is told to write every message to the disk before it acknowledges it; false when absent. */
      readonly syncAlways?: boolean;
    };

export interface DeploymentOptions {
  readonly nats: DeploymentNats;
  /** All when absent. */
  readonly services?: readonly ServiceName[];
  /** Runs the stages in one process instead of one each. */
  readonly chain?: boolean;
  /** Processes a service; 1 where nothing is said. */
  readonly replicas?: Partial<Readonly<Record<ProcessRole, number>>>;
  /** The project's folder. */
  readonly root: string;
  /** For NATS's files. */
  readonly dataFolder: string;
  /** What the processes inherit; the deployment adds the NATS address and each service's port. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** First port for the services' HTTP endpoints; any free ones when absent. */
  readonly portBase?: number;
  /** Port of the gateway's API; where it is in use, or absent, and for further replicas, any free one. */
  readonly gatewayPort?: number;
  readonly onLine?: (processName: string, line: string, stream: "stdout" | "stderr") => void;
  readonly onDeath?: (processName: string, exit: ProcessExit) => void;
  /** nats-server stored nothing although the disk has room again, and is started anew. */
  readonly onStorageRestart?: () => void;
  /** After every start, the first one included. */
  readonly onStart?: (processName: string) => void;
  /** How long the event loop of a service may stand still before its process is replaced, in milliseconds. */
  readonly stuckAfterMs?: number;
  /** The module a service's process runs; that of the built service when absent, or of its sources where it cannot be built. */
  readonly entryOf?: EntryOf;
}

export interface DeployedProcess extends SupervisedProcess {
  readonly service: ProcessRole;
  /** Where /metrics, /healthz and /readyz are. */
  readonly httpUrl: string;
  /** It said that it is ready: from now on its silence means that it hangs, not that it loads. */
  wasReady(): void;
}

export interface Deployment {
  /** With the administrator's user, where the server is the deployment's own: not for showing. */
  readonly natsUrl: string;
  /** The NATS server, when it is the deployment's own. */
  readonly nats: SupervisedProcess | undefined;
  readonly processes: readonly DeployedProcess[];
  /** Where the HTTP API is, one a process of the gateway. */
  readonly gatewayUrls: readonly string[];
  /** Every service says that it is ready; rejects when one ends as soon as it starts. */
  readonly ready: Promise<void>;
  /** Waits until everything is ready again, e.g. after a kill. */
  untilReady(): Promise<void>;
  /** Services first, then NATS. May be called more than once. */
  stop(): Promise<void>;
  /** Ends everything with SIGKILL. */
  kill(): void;
}

/**
 * V8's own settings suit a process that has the machine to itself: a young generation of 48 MiB, an old one that may grow
 * to four times what lives in it. With these a busy service stays some 70 MB smaller; neither is a limit, so large
 * requests still get the memory they need. Compiling on the main thread leaves 10 to 20 MB less behind in the allocator's
 * arena of the compiling thread, which the old generation may use instead: it is collected half as often. Young garbage
 * is collected by one thread, and one helper is enough for the rest: several make processes that share few cores wait
 * for each other.
 */
const serviceFlags = [
  "--max-semi-space-size=8",
  "--heap-growing-percent=100",
  "--no-concurrent-recompilation",
  "--no-parallel-scavenge",
  "--v8-pool-size=1",
];

/** What hosts all stages has the garbage of all of them: with so small a young generation, much of it would grow old. */
const hostFlags = ["--max-semi-space-size=32", ...serviceFlags.slice(1)];
const hosts: readonly ProcessRole[] = ["chain", "gateway"];

/** The default lease of a delivery: another replica has taken over by then, and a process that stands still is of no use. */
const defaultStuckAfterMs = 20_000;
/** As long as a start is waited for. */
const startTimeoutMs = 60_000;

/** Deaths in a row after which a start counts as failed. */
const hopelessDeaths = 3;

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  mkdirSync(options.dataFolder, { recursive: true });
  const plan = rolesOf(options).flatMap((role) => replicaNames(role, options.replicas?.[role] ?? 1));
  const ports = await freePorts(plan.length, options.portBase);
  const gateways = plan.filter(({ service }) => service === "gateway");
  const apiPorts = new Map<string, number>();
  for (const [index, { name }] of gateways.entries()) {
    apiPorts.set(name, await freePort(index === 0 ? options.gatewayPort : 0));
  }
  const building = entriesOf(options);
  const own = "program" in options.nats ? await startOwnNats(options, options.nats) : undefined;
  const nats = own?.server;
  const natsUrl = own?.adminUrl ?? (options.nats as { url: string }).url;
  const failures = new Map<string, Error>();
  const entryOf = await building;
  const processes = plan.map(({ service, name }, index) =>
    startService(service, name, ports[index] ?? 0, {
      options,
      entry: entryOf(service),
      access: own?.accessOf(service) ?? { NOCP_NATS_URL: natsUrl },
      failures,
      apiPort: apiPorts.get(name),
    }),
  );
  const endWatch = own
    ? watchStorage({
        nats: own.server.process,
        folder: options.dataFolder,
        httpUrls: processes.map(({ httpUrl }) => httpUrl),
        onRestart: () => options.onStorageRestart?.(),
        provision: own.provision,
      })
    : () => undefined;
  const stopping = new AbortController();
  stopping.signal.addEventListener("abort", endWatch, { once: true });
  const untilAllReady = async () => {
    await nats?.untilReady();
    await own?.provisioned;
    await Promise.all(
      processes.map(async ({ name, httpUrl, wasReady }) => {
        await untilReady({ name, httpUrl, failure: () => failures.get(name), signal: stopping.signal });
        wasReady();
      }),
    );
  };
  const ready = untilAllReady();
  // Whoever awaits it gets the error; who stops before that shall not die of it.
  ready.catch(() => undefined);
  return {
    natsUrl,
    nats: nats?.process,
    processes,
    gatewayUrls: [...apiPorts.values()].map((port) => `http://127.0.0.1:${port}`),
    ready,
    untilReady: untilAllReady,
    stop: async () => {
      stopping.abort(new Error("the deployment is being stopped"));
      await Promise.all(processes.map((process) => process.stop()));
      await nats?.process.stop();
    },
    kill: () => {
      stopping.abort(new Error("the deployment was killed"));
      for (const process of [...processes, nats?.process]) {
        void process?.stop();
        process?.kill("SIGKILL");
      }
    },
  };
}

async function entriesOf({ entryOf, root, onLine }: DeploymentOptions): Promise<EntryOf> {
  if (entryOf) return entryOf;
  return builtEntries(root).catch((error: Error) => {
    onLine?.(
      "nocp",
      `the services run from their sources and start more slowly, as they cannot be built: ${error.message}`,
      "stderr",
    );
    return sourceEntries(root);
  });
}

function rolesOf({ services = allServices, chain = false }: DeploymentOptions): readonly ProcessRole[] {
  return chain ? chainedRoles(services) : services;
}

const replicaNames = (service: ProcessRole, count: number) =>
  Array.from({ length: count }, (_, index) => ({ service, name: count === 1 ? service : `${service}-${index + 1}` }));

interface OwnNats {
  readonly server: RunningNatsServer;
  readonly adminUrl: string;
  /** Streams and buckets are there. */
  readonly provisioned: Promise<void>;
  /** Makes what somebody has deleted since. */
  provision(): Promise<void>;
  /** What a service connects with. */
  accessOf(service: ProcessRole): Readonly<Record<string, string>>;
}

async function startOwnNats(
  options: DeploymentOptions,
  nats: Extract<DeploymentNats, { readonly program: NatsServerProgram }>,
): Promise<OwnNats> {
  const { dataFolder, root, environment } = options;
  claimDataFolder(dataFolder, productVersionOf(root));
  const credentials = ensureCredentials(dataFolder);
  const tenants = readTenants(dataFolder);
  const server = await startNatsServer({
    ...nats,
    folder: natsFolderOf(dataFolder),
    accounts: natsAccountsFile(credentials, tenants),
    environment: options.environment,
    onLine: (line) => options.onLine?.("nats-server", line, "stderr"),
    onDeath: (exit) => options.onDeath?.("nats-server", exit),
    onStart: () => options.onStart?.("nats-server"),
  });
  writeLocalAccess(dataFolder, server.url, credentials.default);
  const { user, password } = credentials.admin;
  const adminUrl = server.url.replace("://", `://${user}:${password}@`);
  const provision = () => provisionDeployment({ natsUrl: adminUrl, root, environment, tenants: readTenants(dataFolder) });
  const provisioned = server.untilReady().then(provision);
  // Whoever awaits that the deployment is ready gets the error.
  provisioned.catch(() => undefined);
  const accessOf = (service: ProcessRole) => ({
    NOCP_NATS_URL: server.url,
    NOCP_NATS_USER: credentials[service].user,
    NOCP_NATS_PASSWORD: credentials[service].password,
    NOCP_MESSAGING_PROVISION: "await",
  });
  return { server, adminUrl, provisioned, provision, accessOf };
}

export const natsFolderOf = (dataFolder: string): string => join(dataFolder, "nats");

interface ServiceStart {
  readonly options: DeploymentOptions;
  readonly entry: string;
  /** How it reaches NATS, as environment. */
  readonly access: Readonly<Record<string, string>>;
  /** Filled with the reason when a service cannot stay up. */
  readonly failures: Map<string, Error>;
  /** Of the gateway alone. */
  readonly apiPort: number | undefined;
}

function startService(
  service: ProcessRole,
  name: string,
  port: number,
  { options, entry, access, failures, apiPort }: ServiceStart,
): DeployedProcess {
  let lastLine = "";
  const httpUrl = `http://127.0.0.1:${port}`;
  const watch = watchAnswers({
    url: `${httpUrl}/healthz`,
    stuckAfterMs: options.stuckAfterMs ?? defaultStuckAfterMs,
    startTimeoutMs,
    onStuck: (silentMs) => supervised.replace(silentMs),
    now: () => performance.now(),
  });
  const supervised = superviseProcess({
    name,
    program: process.execPath,
    args: [...(hosts.includes(service) ? hostFlags : serviceFlags), entry],
    folder: options.root,
    environment: {
      ...options.environment,
      ...access,
      ...("program" in options.nats ? { NOCP_NATS_SYNC: options.nats.syncAlways ? "always" : "periodic" } : {}),
      NOCP_HTTP_PORT: String(port),
      NOCP_HTTP_HOST: "127.0.0.1",
      ...(apiPort === undefined ? {} : { NOCP_GATEWAY_PORT: String(apiPort) }),
    },
    onLine: (line, stream) => {
      if (line.trim() !== "") lastLine = line;
      options.onLine?.(name, line, stream);
    },
    onDeath: (exit) => {
      if (exit.deaths >= hopelessDeaths) {
        const advice = "Look at its log lines";
        failures.set(name, new NocpError("UNEXPECTED", `${name} ends as soon as it starts: ${sentenceOf(lastLine)}`, { advice }));
      }
      options.onDeath?.(name, exit);
    },
    onStart: () => {
      failures.delete(name);
      watch.restarted();
      options.onStart?.(name);
    },
  });
  const stop = supervised.stop;
  return Object.assign(supervised, {
    service,
    httpUrl,
    wasReady: watch.answered,
    stop: () => {
      watch.stop();
      return stop();
    },
  });
}
