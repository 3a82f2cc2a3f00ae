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
import { runVitest } from "../tests/run-vitest.ts";
import { listTestFiles, selectTestFiles } from "../tests/select-test-files.ts";
import { type TestCategory, testCategories } from "../tests/test-categories.ts";
import { summarizeTests, summaryLine } from "../tests/test-summary.ts";

interface TestOptions extends SettingOptions {
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
  const machine = createMachine(environment, options);
  if (categories.some(({ needsDocker }) => needsDocker)) await requireDocker(machine);
  const { program } = await requireNatsServer(machine);
  if (program.kind !== "binary") {
    throw new NocpError(
      "MISSING_DEPENDENCY",
      "the tests kill and restart nats-server, which needs it as a program, not in Docker",
      {
        advice: "Install nats-server, or set NATS_SERVER_BIN to its path",
      },
    );
  }
  const startedAt = performance.now();
  const { exitCode, report } = await runVitest({
    root,
    categories: categories.map(({ name }) => name),
    files,
    reportFile: join(dataFolder, "test-report.json"),
    environment: { ...variables, NATS_SERVER_BIN: program.path },
    signal,
    outputTo: options.json === "-" ? "stderr" : "stdout",
  });
  if (signal.aborted) {
    process.exitCode = exitCodes.interrupted;
    return;
  }
  if (!report) throw new NocpError("UNEXPECTED", "the tests ended without a report", { advice: "Read the output above" });
  const summary = summarizeTests(report, root, Math.round(performance.now() - startedAt));
  if (options.json === "-") terminal.printJson(summary);
  else if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
  if (summary.failed === 0 && exitCode !== 0) terminal.note("an error outside of any test: read the output above");
  if (options.json !== "-") terminal.print(summaryLine(summary));
  process.exitCode = summary.failed === 0 && exitCode === 0 ? exitCodes.ok : exitCodes.failed;
}
