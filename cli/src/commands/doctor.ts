// ./nocp doctor: what is installed and running, what is missing, and how to fix it. Changes nothing.

import type { Command } from "@commander-js/extra-typings";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { findRunning, readRunState } from "../deployment/run-state.ts";
import { findLeftovers } from "../deployment/stop-leftovers.ts";
import { type Finding, isHealthy } from "../doctor/finding.ts";
import { diskFinding, dockerFinding, nodeFinding, packagesFinding, portFinding } from "../doctor/machine-findings.ts";
import { natsFinding, natsServerFinding } from "../doctor/nats-findings.ts";
import { runFinding } from "../doctor/run-finding.ts";
import { keyFindings, settingsFinding } from "../doctor/settings-findings.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { findSections } from "../reference/configuration.ts";
import { configSources } from "../settings/config-sources.ts";
import { createMachine } from "../setup/create-machine.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { hangingLines } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { widestOf } from "../terminal/wrap-text.ts";

const usualNatsPort = 4222;
/** The longest state, `optional`. */
const stateWidth = 8;

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
  const natsUrl = running?.natsUrl ?? String(natsEntry?.value ?? `nats://127.0.0.1:${usualNatsPort}`);
  return [
    nodeFinding(process.version),
    packagesFinding(root),
    await natsServerFinding(machine, isExternal),
    runFinding(running, leftovers),
    await natsFinding(natsUrl, isExternal || running !== undefined),
    ...(isExternal ? [] : [await portFinding(usualNatsPort, running !== undefined || leftovers.length > 0)]),
    diskFinding(root),
    await dockerFinding(machine),
    settings.finding,
    ...keyFindings(settings.entries),
  ];
}

function printFindings(terminal: Terminal, findings: readonly Finding[]): void {
  const { green, yellow, red } = terminal.colors;
  const paint = { ok: green, optional: yellow, missing: red, wrong: red };
  const whatWidth = widestOf(findings.map(({ what }) => what));
  for (const { what, state, detail, advice } of findings) {
    const start = `${paint[state](state.padEnd(stateWidth))} ${what.padEnd(whatWidth)}  `;
    const text = advice ? `${detail}. ${advice}` : detail;
    for (const line of hangingLines(start, stateWidth + whatWidth + 3, text, terminal.width)) terminal.print(line);
  }
}
