// ./nocp test: the plain suite, or some categories or files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "../command.ts";
import { type SettingOptions, withSettingOptions } from "../options/shared-options.ts";
import { createMachine } from "../setup/create-machine.ts";
import { requireDocker } from "../setup/docker.ts";
import { requireNatsServer } from "../setup/nats-server/find-nats-server.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { rerunFailed, unsteadyLines, withReruns } from "../tests/rerun-failed.ts";
import { runVitest } from "../tests/run-vitest.ts";
import { listFinalFiles, listTestFiles, selectTestFiles } from "../tests/select-test-files.ts";
import { type TestCategory, testCategories } from "../tests/test-categories.ts";
import { summarizeTests, summaryLine } from "../tests/test-summary.ts";

interface TestOptions extends SettingOptions {
  readonly rerunFailed?: boolean | undefined;
  readonly category?: readonly string[] | undefined;
  readonly json?: string | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  const plain = testCategories.filter(({ isPlain }) => isPlain).map(({ name }) => name);
  const names = testCategories.map(({ name }) => name);
  withSettingOptions(
    command
      .argument("[files...]", "only files whose path contains one of these")
      .addOption(new Option("-c, --category <names...>", `instead of ${plain.join(", ")}`).choices(names))
      .option("--rerun-failed", "run files with failed tests once more, alone; succeed if they pass then, and name them")
      .option("--json <file>", "write a summary as JSON to this file; - for stdout"),
  ).action((files, options) => runTests(environment, files, options));
}

/** What `--category` names, or the plain suite. */
const isChosen = ({ name, isPlain }: TestCategory, { category }: TestOptions): boolean => category?.includes(name) ?? isPlain;

function filesOf(root: string, names: readonly string[], options: TestOptions): string[] {
  if (names.length === 0) return [];
  const [chosen, others] = [true, false].map((wanted) => testCategories.filter((entry) => isChosen(entry, options) === wanted));
  return selectTestFiles(root, names, {
    chosen: (chosen ?? []).flatMap((entry) => listTestFiles(root, entry)),
    others: new Map((others ?? []).map((entry) => [entry.name, listTestFiles(root, entry)])),
  });
}

async function runTests(environment: Environment, names: readonly string[], options: TestOptions): Promise<void> {
  const { terminal, root, dataFolder, variables } = environment;
  const files = filesOf(root, names, options);
  const categories = testCategories.filter((entry) => isChosen(entry, options));
  const signal = environment.interruption.capture();
  const natsServer = await requireServers(environment, categories, options);
  const run = (only: readonly string[], reportName: string) =>
    runVitest({
      root,
      categories: categories.map(({ name }) => name),
      files: only,
      reportFile: join(dataFolder, reportName),
      environment: { ...variables, NATS_SERVER_BIN: natsServer },
      signal,
      outputTo: options.json === "-" ? "stderr" : "stdout",
    });
  const startedAt = performance.now();
  const { exitCode, report, unhandledErrors } = await run(files, "test-report.json");
  if (!report && !signal.aborted) {
    throw new NocpError("UNEXPECTED", "the tests ended without a report", { advice: "Read the output above" });
  }
  const first = report && summarizeTests(report, root, Math.round(performance.now() - startedAt));
  const final = categories.flatMap((entry) => listFinalFiles(root, entry));
  const runAlone = (file: string) => run([join(root, file)], "test-report-alone.json");
  const summary =
    first && (options.rerunFailed ? await rerunFailed(first, { root, final, runAlone, signal }) : withReruns(first, []));
  if (!summary || signal.aborted) {
    process.exitCode = exitCodes.interrupted;
    return;
  }
  if (options.json === "-") terminal.printJson(summary);
  else if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
  const hasStrayError = unhandledErrors > 0 || (first?.failed === 0 && exitCode !== 0);
  if (hasStrayError) terminal.note("an error outside of any test: read the output above");
  if (options.json !== "-") terminal.print([...unsteadyLines(summary.unsteady), summaryLine(summary)].join("\n"));
  process.exitCode = summary.failed === 0 && !hasStrayError ? exitCodes.ok : exitCodes.failed;
}

/** @returns the path of nats-server. */
async function requireServers(
  environment: Environment,
  categories: readonly TestCategory[],
  options: TestOptions,
): Promise<string> {
  const machine = createMachine(environment, options);
  if (categories.some(({ needsDocker }) => needsDocker)) await requireDocker(machine);
  const { program } = await requireNatsServer(machine);
  if (program.kind === "binary") return program.path;
  throw new NocpError(
    "MISSING_DEPENDENCY",
    "the tests kill and restart nats-server, which needs it as a program, not in Docker",
    {
      advice: "Install nats-server, or set NATS_SERVER_BIN to its path",
    },
  );
}
