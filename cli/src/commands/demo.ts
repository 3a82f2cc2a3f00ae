// ./nocp demo: starts everything on its own NATS server, answers the requests in examples/ and stops everything again.
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { natsSection } from "@nocp/runtime/config/sections.ts";
import { dropCredentials } from "@nocp/runtime/config/url-credentials.ts";
import { buildLockfileDatabase } from "../../../deploy/jobs/lockfile-database.ts";
import type { Environment } from "../command.ts";
import { loadExamples } from "../demo/example.ts";
import { printRun } from "../demo/print-run.ts";
import { type ExampleRun, runExamples } from "../demo/run-examples.ts";
import { startDeployment } from "../deployment/start-deployment.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { formatTokens, formatUsd } from "../requests/render-result.ts";
import { flagsAsEnvironment } from "../settings/config-sources.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { createMachine } from "../setup/create-machine.ts";
import { requireNatsServer, syncHint } from "../setup/nats-server/find-nats-server.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { untilAborted } from "../terminal/interruption.ts";
import { wrapText } from "../terminal/wrap-text.ts";

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(command).action((options) => demo(environment, options));
}

async function demo(environment: Environment, options: CommonOptions): Promise<void> {
  const { terminal, root } = environment;
  const interrupted = environment.interruption.capture();
  const settings = await loadSettings(environment, options);
  const dataFolder = join(environment.dataFolder, "demo");
  rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(dataFolder, { recursive: true });
  terminal.note("starting NATS and five services");
  const found = await requireNatsServer(createMachine(environment, options));
  const { sync } = settings.section(natsSection);
  const logFile = join(dataFolder, "services.log");
  const log = createWriteStream(logFile);
  const deployment = await startDeployment({
    nats: { program: found.program, syncAlways: sync === "always" && syncHint(found) === undefined },
    // The examples are published to the queue.
    services: [...stages, "observability"],
    root,
    dataFolder,
    environment: {
      ...environment.variables,
      ...flagsAsEnvironment(options.set),
      NOCP_OBSERVABILITY_DATABASE_FILE: join(dataFolder, "transactions.sqlite"),
    },
    onLine: (name, line) => {
      log.write(`${name} ${line}\n`);
      if (options.verbose) terminal.note(`${name} ${line}`);
    },
    onDeath: (name) => terminal.note(`${name} died and is being restarted; the log is ${logFile}`),
  });
  try {
    buildLockfileDatabase(root);
    const stopped = untilAborted(interrupted);
    await Promise.race([deployment.ready, stopped]);
    const runs = interrupted.aborted ? undefined : await answerExamples(environment, options, deployment.natsUrl, stopped);
    if (!runs) process.exitCode = exitCodes.interrupted;
    else conclude(environment, options, runs);
  } finally {
    await deployment.stop();
    log.end();
  }
}

/** @returns `undefined` when it was stopped before the last answer. */
function answerExamples(
  environment: Environment,
  options: CommonOptions,
  natsUrl: string,
  stopped: Promise<undefined>,
): Promise<ExampleRun[] | undefined> {
  const { terminal, root } = environment;
  terminal.note(`ready in ${Math.round(performance.now())} ms, NATS at ${dropCredentials(natsUrl)}`);
  const examples = loadExamples(root);
  if (examples.length === 0)
    throw new NocpError("USAGE", "the folder examples/ has no requests", { advice: "Restore it from git" });
  return withClient(environment, { ...options, natsUrl }, (client) => {
    const work = runExamples(client, examples, terminal, (run) => {
      if (!options.json) printRun(terminal, run);
    });
    return Promise.race([work, stopped]);
  });
}

function conclude({ terminal }: Environment, options: CommonOptions, runs: readonly ExampleRun[]): void {
  const checks = runs.flatMap((run) => run.checks);
  const passed = checks.every((check) => check.passed);
  process.exitCode = passed ? exitCodes.ok : exitCodes.failed;
  if (options.json) {
    terminal.printJson({
      passed,
      examples: runs.map(({ example, ...run }) => ({ name: example.name, title: example.title, ...run })),
    });
    return;
  }
  const sum = (value: (run: ExampleRun) => number) => runs.reduce((total, run) => total + value(run), 0);
  const tokens = formatTokens(
    sum(({ result }) => result.tokens.input.raw),
    sum(({ result }) => result.tokens.input.optimized),
  );
  const reference = runs[0]?.result.cost.reference.model ?? "";
  const usd = (key: "usd" | "baselineUsd") => formatUsd(sumKnown(runs.map(({ result }) => result.cost.reference[key])));
  const { bold, green, red } = terminal.colors;
  terminal.print("");
  const total = `${runs.length} requests: input tokens ${tokens}; at ${reference} ${usd("usd")}, without NOCP ${usd("baselineUsd")}`;
  for (const line of wrapText(total, terminal.width)) terminal.print(bold(line));
  const mark = passed ? green("✓") : red("✗");
  terminal.print(
    `${mark} ${checks.filter((check) => check.passed).length} of ${checks.length} checks passed in ${(performance.now() / 1000).toFixed(1)} s`,
  );
}

/** `null` when any is unknown: a sum over the rest would pass for the whole. */
const sumKnown = (amounts: readonly (number | null)[]): number | null =>
  amounts.some((amount) => amount === null) ? null : amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
