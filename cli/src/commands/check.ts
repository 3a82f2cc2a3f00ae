// ./nocp check: types, style, unused code, generated files. Runs all of them and reports every failure.

import type { Command } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Check, listChecks } from "../checks/list-checks.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { createMachine } from "../setup/create-machine.ts";
import { exitCodes } from "../terminal/exit-code.ts";

interface CheckOptions extends CommonOptions {
  readonly fast?: boolean | undefined;
}

interface CheckOutcome {
  readonly name: string;
  readonly passed: boolean;
  readonly durationMs: number;
  readonly output: string;
}

const checkTimeoutMs = 600_000;

export function declareCommand(command: Command, environment: Environment): void {
  const checks = listChecks(environment.root);
  withCommonOptions(
    command
      .argument("[names...]", `only these: ${checks.map(({ name }) => name).join(", ")}`)
      .option("--fast", "only the checks that take seconds, as the pre-commit hook does"),
  ).action((names, options) => runChecks(environment, chooseChecks(checks, names, options), options));
}

function chooseChecks(checks: readonly Check[], names: readonly string[], options: CheckOptions): Check[] {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const advice = `Choose from ${checks.map(({ name }) => name).join(", ")}`;
    throw new NocpError("USAGE", `there is no check ${unknown.join(", ")}`, { advice });
  }
  return checks.filter(({ name, isFast }) => (names.length === 0 || names.includes(name)) && (isFast || !options.fast));
}

async function runChecks(environment: Environment, checks: readonly Check[], options: CheckOptions): Promise<void> {
  const { terminal } = environment;
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    if (terminal.isInteractive) terminal.draw(`${check.name} …\r`);
    const outcome = await runCheck(environment, check, options);
    outcomes.push(outcome);
    if (!options.json) printOutcome(environment, check, outcome);
  }
  const failed = outcomes.filter(({ passed }) => !passed).length;
  if (options.json) terminal.printJson(outcomes);
  else terminal.print(failed === 0 ? "all checks passed" : `${failed} of ${outcomes.length} checks failed`);
  process.exitCode = failed === 0 ? exitCodes.ok : exitCodes.failed;
}

async function runCheck(environment: Environment, check: Check, options: CheckOptions): Promise<CheckOutcome> {
  const startedAt = performance.now();
  const { run } = createMachine(environment, options);
  const { exitCode, stdout, stderr } = await run(process.execPath, check.args, {
    folder: environment.root,
    timeoutMs: checkTimeoutMs,
  });
  const durationMs = Math.round(performance.now() - startedAt);
  return { name: check.name, passed: exitCode === 0, durationMs, output: `${stdout}${stderr}`.trim() };
}

function printOutcome({ terminal }: Environment, check: Check, { passed, durationMs, output }: CheckOutcome): void {
  const { green, red, dim } = terminal.colors;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(7);
  terminal.print(`${passed ? green("ok    ") : red("failed")} ${check.name.padEnd(10)} ${dim(seconds)}  ${check.summary}`);
  if (!passed && output !== "") terminal.print(output);
}
