// ./nocp test: all tests, or those of some categories or files.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "../command.ts";
import { type SettingOptions, withSettingOptions } from "../options/common-options.ts";
import { createMachine } from "../setup/create-machine.ts";
import { requireNatsServer } from "../setup/nats-server/find-nats-server.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { runVitest } from "../tests/run-vitest.ts";
import { summarizeTests, summaryLine } from "../tests/test-summary.ts";

interface TestOptions extends SettingOptions {
  readonly category?: readonly string[] | undefined;
  readonly json?: string | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  const categories = testCategories(environment.root);
  withSettingOptions(
    command
      .argument("[files...]", "only files whose path contains one of these")
      .addOption(new Option("-c, --category <names...>", "only these categories").choices(categories))
      .option("--json <file>", "write a summary as JSON to this file; - for stdout"),
  ).action((files, options) => runTests(environment, files, options));
}

/** The folders of test/, but for what is no category. */
const testCategories = (root: string): string[] =>
  readdirSync(join(root, "test"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

async function runTests(environment: Environment, files: readonly string[], options: TestOptions): Promise<void> {
  const { terminal, root, dataFolder, variables } = environment;
  const signal = environment.interruption.capture();
  const { program } = await requireNatsServer(createMachine(environment, options));
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
    categories: options.category ?? [],
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
