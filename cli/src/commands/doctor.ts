// ./nocp doctor: what is installed and running, what is missing, and how to fix it. Changes nothing.

import type { Command } from "@commander-js/extra-typings";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { gatewaySection } from "@nocp/gateway/config.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import type { Environment } from "../command.ts";
import { composeAddress } from "../deployment/compose-server.ts";
import { findRunning, type RunState, readRunState } from "../deployment/run-state.ts";
import { findLeftovers, type LeftoverProcess } from "../deployment/stop-leftovers.ts";
import {
  natsFinding,
  portFinding,
  readinessFindings,
  runFinding,
  storageFinding,
  streamsFinding,
  tenantsFinding,
} from "../doctor/deployment-findings.ts";
import { type Finding, isHealthy } from "../doctor/finding.ts";
import { diskFinding, dockerFinding, natsServerFinding, nodeFinding, packagesFinding } from "../doctor/machine-findings.ts";
import { mcpFindings } from "../doctor/mcp-findings.ts";
import { printFindings } from "../doctor/print-findings.ts";
import { keyFindings, settingsFinding } from "../doctor/settings-findings.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { findSections } from "../reference/configuration.ts";
import { withBroker } from "../requests/open-client.ts";
import { configSources } from "../settings/config-sources.ts";
import { createMachine } from "../setup/create-machine.ts";
import { natsAddressOf, probeNats } from "../setup/nats-server/probe-nats.ts";
import { exitCodes } from "../terminal/exit-code.ts";

const usualNatsPort = 4222;
const probeTimeoutMs = 2000;

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(command).action(async (options) => {
    const findings = await examine(environment, options);
    const healthy = isHealthy(findings);
    if (options.json) environment.terminal.printJson({ healthy, findings });
    else printFindings(environment.terminal, findings);
    process.exitCode = healthy ? exitCodes.ok : exitCodes.missingDependency;
  });
}

async function examine(environment: Environment, options: CommonOptions): Promise<Finding[]> {
  const { root, dataFolder } = environment;
  const machine = createMachine(environment, options);
  const running = findRunning(dataFolder);
  const leftovers = running ? [] : await findLeftovers(readRunState(dataFolder), root, machine.run);
  const sections = await findSections(root);
  const settings = settingsFinding(() => loadConfig(sections, { ...configSources(environment, options), complete: true }));
  const natsEntry = settings.entries.find(({ path }) => path === "nats.url");
  const isExternal = natsEntry !== undefined && natsEntry.origin !== "default";
  const usualUrl = `nats://127.0.0.1:${usualNatsPort}`;
  // Credentials stay when compose ends: then nothing listens there.
  const compose = running || isExternal ? undefined : composeAddress(dataFolder);
  const isCompose = compose !== undefined && (await probeNats(natsAddressOf(compose), probeTimeoutMs)) !== undefined;
  const natsUrl = isExternal ? String(natsEntry.value) : (running?.natsUrl ?? compose ?? usualUrl);
  const isNeeded = isExternal || isCompose || running !== undefined;
  const nats = await natsFinding(natsUrl, isNeeded);
  // A server that merely happens to listen on the usual port need not have our streams.
  const isInUse = nats.state === "ok" && isNeeded;
  const gatewayPort = Number(
    settings.entries.find(({ path }) => path === "gateway.port")?.value ?? defaultsOf(gatewaySection).port,
  );
  return [
    nodeFinding(process.version),
    packagesFinding(root),
    await natsServerFinding(machine, isExternal),
    runFinding(running, leftovers),
    nats,
    ...(isInUse ? await brokerFindings(environment, options, !isExternal) : []),
    ...(running ? await readinessFindings(running) : []),
    await portFinding(gatewayPort, running?.gatewayUrls?.includes(`http://127.0.0.1:${gatewayPort}`) ? "./nocp up" : undefined),
    ...(isExternal ? [] : [await portFinding(usualNatsPort, ownerOfUsualPort(readRunState(dataFolder), running, leftovers))]),
    diskFinding(root),
    await dockerFinding(machine),
    settings.finding,
    ...keyFindings(settings.entries),
    ...(await mcpFindings(settings.entries, environment.variables)),
  ];
}

async function brokerFindings(environment: Environment, options: CommonOptions, isOwn: boolean): Promise<Finding[]> {
  const connect = (work: (broker: Broker) => Promise<Finding>) => withBroker(environment, options, work);
  return [await streamsFinding(connect), await storageFinding(connect), await tenantsFinding(isOwn, connect)];
}

/** Which process of ours has the port, if any: an `up` whose NATS server moved elsewhere does not. */
function ownerOfUsualPort(
  state: RunState | undefined,
  running: RunState | undefined,
  leftovers: readonly LeftoverProcess[],
): string | undefined {
  if (state === undefined || natsAddressOf(state.natsUrl).port !== usualNatsPort) return undefined;
  if (running?.processes.some(({ name }) => name === "nats-server")) return "./nocp up";
  return leftovers.some(({ name }) => name === "nats-server") ? "a ./nocp up that was killed" : undefined;
}
