// ./nocp up: NATS and all services until Ctrl-C.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type ServiceName, services } from "@nocp/contracts/topology.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import { hideCredentials } from "@nocp/runtime/config/url-credentials.ts";
import type { Command } from "commander";
import type { CommonOptions, Environment } from "../command.ts";
import { formatLogLine } from "../deployment/log-line.ts";
import { findRunning, readRunState, removeRunState, writeRunState } from "../deployment/run-state.ts";
import { type Deployment, type DeploymentNats, startDeployment } from "../deployment/start-deployment.ts";
import { stopLeftovers } from "../deployment/stop-leftovers.ts";
import { flagsAsEnvironment } from "../settings/config-sources.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { createMachine } from "../setup/create-machine.ts";
import { requireNatsServer } from "../setup/nats-server/find-nats-server.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { untilAborted } from "../terminal/interruption.ts";

interface UpOptions extends CommonOptions {
  readonly only?: ServiceName[];
  readonly replicas?: Partial<Record<ServiceName, number>>;
  readonly natsPort: number;
  readonly natsMonitorPort?: number;
  readonly portBase?: number;
}

const defaultNatsPort = 4222;

export function declareCommand(command: Command, environment: Environment): void {
  command
    .option("--only <services>", "run only these, separated by commas", parseServices)
    .option("--replicas <service=count,...>", "processes a service, e.g. act=2,llm-router=3", parseReplicas)
    .option("--nats-port <port>", "port for NATS; another one is taken when it is in use", parsePort, defaultNatsPort)
    .option("--nats-monitor-port <port>", "serve NATS's own monitoring over HTTP on this port", parsePort)
    .option("--port-base <port>", "first port for /metrics, /healthz and /readyz; any free ones without it", parsePort)
    .action((options: UpOptions) => up(environment, options));
}

async function up(environment: Environment, options: UpOptions): Promise<void> {
  const { terminal, dataFolder, root, variables } = environment;
  const stopSignal = environment.interruption.capture();
  const running = findRunning(dataFolder);
  if (running) {
    const natsUrl = hideCredentials(running.natsUrl);
    if (options.json) terminal.printJson({ alreadyRunning: true, ...running, natsUrl });
    else terminal.note(`already running since ${running.startedAt} (process ${running.pid}), NATS at ${natsUrl}`);
    return;
  }
  const settings = await loadSettings(environment, options);
  const machine = createMachine(environment, options);
  for (const name of await stopLeftovers(readRunState(dataFolder), root, machine.run)) {
    terminal.note(`ended ${name} of an earlier run`);
  }

  const show = (name: string, line: string) => terminal.print(options.json ? line : formatLogLine(name, line, terminal.colors));
  const startedAt = new Date().toISOString();
  let deployment: Deployment | undefined;
  const remember = () => {
    if (deployment && !stopSignal.aborted) writeRunState(dataFolder, runStateOf(deployment, startedAt));
  };
  const started = await startDeployment({
    nats: await chooseNats(environment, options, settings),
    ...(options.only ? { services: options.only } : {}),
    ...(options.replicas ? { replicas: options.replicas } : {}),
    ...(options.portBase === undefined ? {} : { portBase: options.portBase }),
    root,
    dataFolder,
    environment: { ...variables, ...flagsAsEnvironment(options.set) },
    onLine: show,
    onStart: remember,
    onDeath: (name, exit) => terminal.note(describeDeath(name, exit)),
  });
  deployment = started;
  remember();
  const stopped = untilAborted(stopSignal);
  try {
    await Promise.race([started.ready, stopped]);
    if (!stopSignal.aborted) announce(environment, options, started);
    await stopped;
    process.exitCode = exitCodes.ok;
  } finally {
    terminal.note("stopping");
    await started.stop();
    removeRunState(dataFolder);
  }
}

async function chooseNats(environment: Environment, options: UpOptions, { entries }: Config): Promise<DeploymentNats> {
  const entry = entries.find(({ path }) => path === "nats.url");
  if (entry && entry.origin !== "default") {
    environment.terminal.note(`using NATS at ${hideCredentials(String(entry.value))} (${entry.origin})`);
    return { url: String(entry.value) };
  }
  const { program } = await requireNatsServer(createMachine(environment, options));
  const monitorPort = options.natsMonitorPort === undefined ? {} : { monitorPort: options.natsMonitorPort };
  return { program, port: options.natsPort, ...monitorPort };
}

const runStateOf = (deployment: Deployment, startedAt: string) => ({
  pid: process.pid,
  startedAt,
  natsUrl: deployment.natsUrl,
  processes: [
    ...(deployment.nats ? [{ name: "nats-server", pid: deployment.nats.pid ?? null, httpUrl: null }] : []),
    ...deployment.processes.map(({ name, pid, httpUrl }) => ({ name, pid: pid ?? null, httpUrl })),
  ],
});

function announce({ terminal }: Environment, options: UpOptions, deployment: Deployment): void {
  const readyMs = Math.round(performance.now());
  const natsUrl = hideCredentials(deployment.natsUrl);
  if (options.json) {
    terminal.print(JSON.stringify({ ready: true, readyMs, ...runStateOf(deployment, new Date().toISOString()), natsUrl }));
    return;
  }
  terminal.print(terminal.colors.bold(`ready in ${readyMs} ms`));
  terminal.print(`  ${"NATS".padEnd(16)} ${natsUrl}`);
  for (const { name, httpUrl } of deployment.processes) terminal.print(`  ${name.padEnd(16)} ${httpUrl}/metrics`);
  terminal.print("  Ctrl-C stops everything");
}

function describeDeath(name: string, exit: { exitCode: number | null; signal: string | null; restartInMs: number }): string {
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.exitCode}`;
  return `${name} ${how}; starting it again in ${exit.restartInMs} ms`;
}

export function parseServices(text: string): ServiceName[] {
  return text.split(",").map((name) => {
    const service = services.find((known) => known === name.trim());
    if (!service)
      throw new NocpError("USAGE", `there is no service ${name.trim()}`, { advice: `Choose from ${services.join(", ")}` });
    return service;
  });
}

export function parseReplicas(text: string): Partial<Record<ServiceName, number>> {
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [name = "", count = ""] = part.split("=");
      if (!/^[1-9]\d?$/.test(count.trim())) {
        throw new NocpError("USAGE", `replicas of ${name} is "${count}"`, {
          advice: "Write service=count with a count from 1 to 99",
        });
      }
      return [parseServices(name)[0], Number(count)];
    }),
  );
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new NocpError("USAGE", `${text} is no port`, { advice: "Give a number from 0 to 65535" });
}
