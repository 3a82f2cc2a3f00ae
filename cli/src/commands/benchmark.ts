// ./nocp benchmark: runs one of benchmarks/src/*.ts, or lists them.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { createMachine } from "../setup/create-machine.ts";
import { findNatsServer } from "../setup/nats-server/find-nats-server.ts";
import { exitCodes } from "../terminal/exit-code.ts";

interface Benchmark {
  readonly name: string;
  readonly file: string;
  /** The file's first line. */
  readonly summary: string;
}

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .argument("[name]", "benchmark to run; without it, list them")
      .argument("[options...]", "the benchmark's own options; ./nocp benchmark <name> --help prints them")
      .allowUnknownOption()
      .passThroughOptions(),
  ).action((name, args, options) => (name === undefined ? list(environment, options) : run(environment, name, args, options)));
}

/** Every file directly in benchmarks/src is one; what they share lies in folders. */
function findBenchmarks(root: string): Benchmark[] {
  const folder = join(root, "benchmarks", "src");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  return files
    .map(({ name }) => ({ name: basename(name, ".ts"), file: join(folder, name) }))
    .map((found) => ({ ...found, summary: (readFileSync(found.file, "utf8").split("\n")[0] ?? "").replace(/^\/\/\s*/, "") }))
    .sort((left, right) => left.name.localeCompare(right.name));
}

function list({ terminal, root }: Environment, options: CommonOptions): void {
  const benchmarks = findBenchmarks(root);
  if (options.json) terminal.printJson(benchmarks);
  else if (benchmarks.length === 0) terminal.print("there are no benchmarks");
  else for (const { name, summary } of benchmarks) terminal.print(`${name.padEnd(16)} ${summary}`);
}

async function run(environment: Environment, name: string, args: readonly string[], options: CommonOptions): Promise<void> {
  const { root, variables } = environment;
  const benchmarks = findBenchmarks(root);
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (!benchmark) {
    const advice = `Choose from ${benchmarks.map((candidate) => candidate.name).join(", ")}`;
    throw new NocpError("USAGE", `there is no benchmark ${name}`, { advice });
  }
  const signal = environment.interruption.capture();
  const found = await findNatsServer(createMachine(environment, options));
  const natsServer = found?.program.kind === "binary" ? { NATS_SERVER_BIN: found.program.path } : {};
  const child = spawn(process.execPath, [benchmark.file, ...(options.json ? ["--json"] : []), ...args], {
    cwd: root,
    env: { ...variables, ...natsServer },
    stdio: "inherit",
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  const exitCode = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? exitCodes.failed)));
  process.exitCode = signal.aborted ? exitCodes.interrupted : exitCode;
}
