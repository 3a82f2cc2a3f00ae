// ./nocp up: NATS and all services until Ctrl-C.

import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { type ProcessRole, processRoles, type ServiceName, services } from "@nocp/contracts/topology.ts";
import { localAccessFileOf, removeLocalAccess } from "@nocp/runtime/accounts/local-access.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { dropCredentials, hideCredentials } from "@nocp/runtime/config/url-credentials.ts";
import type { Environment } from "../command.ts";
import { adminKeyFileOf, ensureAdminKey } from "../deployment/admin-key.ts";
import { formatLogLine } from "../deployment/log-line.ts";
import { findRunning, readRunState, removeRunState, writeRunState } from "../deployment/run-state.ts";
import { sourceEntries } from "../deployment/service-builds.ts";
import { type Deployment, type DeploymentNats, startDeployment } from "../deployment/start-deployment.ts";
import { stopLeftovers } from "../deployment/stop-leftovers.ts";
import { list, port, someOf } from "../options/option-values.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { flagsAsEnvironment } from "../settings/config-sources.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { createMachine } from "../setup/create-machine.ts";
import { requireNatsServer, syncHint } from "../setup/nats-server/find-nats-server.ts";
import type { ProcessExit } from "../supervisor/supervised-process.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { untilAborted } from "../terminal/interruption.ts";

interface UpOptions extends CommonOptions {
  readonly only?: ServiceName[] | undefined;
  readonly chain?: true | undefined;
  readonly replicas?: Partial<Record<ProcessRole, number>> | undefined;
  readonly natsPort: number;
  readonly natsMonitorPort?: number | undefined;
  readonly portBase?: number | undefined;
  readonly sources?: true | undefined;
}

const defaultNatsPort = 4222;

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .option("--only <services>", "run only these services, separated by commas", someOf(services))
      .option("--chain", "run act, assess, llm-router and articulate in one process")
      .option("--replicas <service=count,...>", "processes per service, e.g. act=2,llm-router=3", parseReplicas)
      .option("--nats-port <port>", "port for NATS; if it is in use, a free one is chosen", port, defaultNatsPort)
      .option("--nats-monitor-port <port>", "serve NATS's HTTP monitoring on this port", port)
      .option("--port-base <port>", "first port for /metrics, /healthz and /readyz (default: any free ports)", port)
      .option("--sources", "run the services from their TypeScript sources, for a debugger; they start more slowly"),
  ).action((options) => up(environment, options));
}

async function up(environment: Environment, options: UpOptions): Promise<void> {
  const { terminal, dataFolder, root, variables } = environment;
  const stopSignal = environment.interruption.capture();
  const running = findRunning(dataFolder);
  if (running) {
    const natsUrl = dropCredentials(running.natsUrl);
    if (options.json) terminal.printJson({ alreadyRunning: true, ...running, natsUrl });
    else terminal.note(`already running since ${running.startedAt} (process ${running.pid}), NATS at ${natsUrl}`);
    return;
  }
  const settings = await loadSettings(environment, options);
  const machine = createMachine(environment, options);
  for (const name of await stopLeftovers(readRunState(dataFolder), root, machine.run)) {
    terminal.note(`stopped ${name} left over from an earlier run`);
  }

  const show = (name: string, line: string) => terminal.print(options.json ? line : formatLogLine(name, line, terminal.colors));
  const startedAt = new Date().toISOString();
  let deployment: Deployment | undefined;
  const remember = () => {
    if (deployment && !stopSignal.aborted) writeRunState(dataFolder, runStateOf(deployment, startedAt));
  };
  const nats = await chooseNats(environment, options, settings);
  const started = await startDeployment({
    nats,
    ...(options.only ? { services: options.only } : {}),
    chain: options.chain === true,
    ...(options.replicas ? { replicas: options.replicas } : {}),
    ...(options.portBase === undefined ? {} : { portBase: options.portBase }),
    ...(options.sources ? { entryOf: sourceEntries(root) } : {}),
    gatewayPort: gatewayPortOf(settings),
    root,
    dataFolder,
    stuckAfterMs: settings.section(messagingSection).ackWaitMs,
    environment: { ...variables, ...flagsAsEnvironment(options.set) },
    onLine: show,
    onStart: remember,
    onStorageRestart: () => terminal.note("nats-server stores nothing although the disk has room; restarting it"),
    onDeath: (name, exit) => terminal.note(describeDeath(name, exit)),
  });
  deployment = started;
  remember();
  for (const moved of movedPorts(started, options, gatewayPortOf(settings))) terminal.note(moved);
  const stopped = untilAborted(stopSignal);
  try {
    await Promise.race([started.ready, stopped]);
    if (!stopSignal.aborted) {
      const adminKey = await adminKeyOf(environment, options, started);
      announce(environment, options, started, adminKey);
    }
    await stopped;
    process.exitCode = exitCodes.ok;
  } finally {
    terminal.note("stopping");
    await started.stop();
    removeRunState(dataFolder);
    removeLocalAccess(dataFolder);
  }
}

async function chooseNats(environment: Environment, options: UpOptions, config: Config): Promise<DeploymentNats> {
  const { terminal } = environment;
  const { entries } = config;
  const entry = entries.find(({ path }) => path === "nats.url");
  if (entry && entry.origin !== "default") {
    terminal.note(`using NATS at ${hideCredentials(String(entry.value))} (${entry.origin})`);
    return { url: String(entry.value) };
  }
  const found = await requireNatsServer(createMachine(environment, options));
  const isPeriodic = config.section(natsSection).sync === "periodic";
  const hint = isPeriodic ? "nats.sync is periodic: a power failure can lose accepted requests" : syncHint(found);
  if (hint !== undefined) terminal.note(hint);
  const monitorPort = options.natsMonitorPort === undefined ? {} : { monitorPort: options.natsMonitorPort };
  return { program: found.program, port: options.natsPort, ...monitorPort, syncAlways: hint === undefined };
}

/** Ports that were asked for and are in use, with what was chosen instead. */
function movedPorts(
  { nats, natsUrl, processes, gatewayUrls }: Deployment,
  { natsPort, portBase }: UpOptions,
  gatewayPort: number,
): string[] {
  const chosen = [
    ...(nats ? [{ name: "NATS", wanted: natsPort, url: natsUrl }] : []),
    ...gatewayUrls.slice(0, 1).map((url) => ({ name: "the HTTP API", wanted: gatewayPort, url })),
    ...processes.map(({ name, httpUrl }, index) => ({ name, wanted: portBase && portBase + index, url: httpUrl })),
  ];
  return chosen
    .map(({ name, wanted, url }) => ({ name, wanted, actual: Number(new URL(url).port) }))
    .filter(({ wanted, actual }) => wanted && wanted !== actual)
    .map(({ name, wanted, actual }) => `port ${wanted} is in use by another program; ${name} uses port ${actual}`);
}

const gatewayPortOf = ({ entries }: Config): number => Number(entries.find(({ path }) => path === "gateway.port")?.value ?? 0);

const runStateOf = (deployment: Deployment, startedAt: string) => ({
  pid: process.pid,
  startedAt,
  natsUrl: deployment.natsUrl,
  gatewayUrls: [...deployment.gatewayUrls],
  processes: [
    ...(deployment.nats ? [{ name: "nats-server", pid: deployment.nats.pid ?? null, httpUrl: null }] : []),
    ...deployment.processes.map(({ name, pid, httpUrl }) => ({ name, pid: pid ?? null, httpUrl })),
  ],
});

/** @param adminKey one that was made just now. */
function announce(
  { terminal, dataFolder }: Environment,
  options: UpOptions,
  deployment: Deployment,
  adminKey: string | undefined,
): void {
  const readyMs = Math.round(performance.now());
  const natsUrl = dropCredentials(deployment.natsUrl);
  if (options.json) {
    terminal.print(
      JSON.stringify({ ready: true, readyMs, ...runStateOf(deployment, new Date().toISOString()), natsUrl, adminKey }),
    );
    return;
  }
  terminal.print(terminal.colors.bold(`ready in ${readyMs} ms`));
  terminal.print(`  ${"NATS".padEnd(16)} ${natsUrl}`);
  for (const url of deployment.gatewayUrls) terminal.print(`  ${"HTTP API".padEnd(16)} ${url}/v1   (to try it: ${url}/)`);
  for (const { name, httpUrl } of deployment.processes) terminal.print(`  ${name.padEnd(16)} ${httpUrl}/metrics`);
  if (deployment.nats) terminal.print(`  ${"your programs".padEnd(16)} connect as ${localAccessFileOf(dataFolder)} says`);
  if (adminKey !== undefined) {
    terminal.print(`  ${"admin key".padEnd(16)} ${adminKey}`);
    terminal.print(`  ${"".padEnd(16)} for operators; shown only once, stored in ${adminKeyFileOf(dataFolder)}`);
  }
  terminal.print("  Ctrl-C stops everything");
}

/** Of a server of its own. @returns undefined unless it is new. */
async function adminKeyOf(
  environment: Environment,
  options: UpOptions,
  { nats, natsUrl, gatewayUrls }: Deployment,
): Promise<string | undefined> {
  if (!nats || gatewayUrls.length === 0) return undefined;
  return withBroker(environment, { ...options, natsUrl }, (broker) => ensureAdminKey(broker, environment.dataFolder, Date.now));
}

function describeDeath(name: string, exit: ProcessExit): string {
  if (exit.silentMs !== undefined) {
    const seconds = Math.round(exit.silentMs / 1000);
    return `${name} did not answer for ${seconds} s and was killed; restarting in ${exit.restartInMs} ms`;
  }
  const how = exit.signal ? `was killed by ${exit.signal}` : `exited with code ${exit.exitCode}`;
  return `${name} ${how}; restarting in ${exit.restartInMs} ms`;
}

export function parseReplicas(text: string): Partial<Record<ProcessRole, number>> {
  return Object.fromEntries(
    list(text).map((part) => {
      const [name = "", count = ""] = part.split("=");
      const [service] = someOf(processRoles)(name);
      if (/^[1-9]\d?$/.test(count.trim())) return [service, Number(count)];
      throw new InvalidArgumentError("Write service=count, with a count from 1 to 99.");
    }),
  );
}
