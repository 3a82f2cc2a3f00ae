// The command line: only the file of the command that is run gets loaded.

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "./command.ts";
import { type CommandEntry, commandTable } from "./command-table.ts";

export interface ProgramParts {
  readonly environment: Environment;
  readonly version: string;
  readonly commands?: readonly CommandEntry[];
}

const helpFooter = `
Exit codes:
  0    success
  1    failure
  2    wrong usage, request or settings
  3    missing dependency, or NATS cannot be reached
  4    timeout, or nothing found
  130  interrupted

Settings, later ones win: defaults, nocp.config.yaml, .env, environment (NOCP_*), --set section.name=value
Start with ./nocp demo. ./nocp <command> --help describes a command.`;

/** @throws NocpError USAGE for arguments that cannot be parsed; whatever the command throws. */
export async function runProgram(argv: readonly string[], parts: ProgramParts): Promise<void> {
  const program = createProgram(parts);
  const commands = parts.commands ?? commandTable;
  for (const { name, summary, group } of commands) {
    program.command(name).summary(summary).description(sentence(summary)).helpGroup(`${group}:`);
  }
  let current: CommandUnknownOpts = program;
  const follow = (_parent: CommandUnknownOpts, command: CommandUnknownOpts) => {
    current = command;
  };
  program.hook("preSubcommand", async (_program, command) => {
    current = command.helpCommand(false).hook("preSubcommand", follow);
    const entry = commands.find(({ name }) => name === command.name());
    (await entry?.load())?.declareCommand(command as Command, parts.environment);
  });
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, current);
  }
}

function createProgram({ environment, version }: ProgramParts): Command {
  const { terminal } = environment;
  return new Command("nocp")
    .usage("<command> [options]")
    .description(
      "Next-Gen Optimization and Compression Proxy: queues requests to language models, compresses their context, chooses a model and accounts for every token.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: () => undefined,
      getOutHelpWidth: () => terminal.width,
      getOutHasColors: () => terminal.colors.isColorSupported,
    })
    .configureHelp({ styleTitle: (title) => terminal.colors.bold(title) })
    .addHelpText("after", helpFooter);
}

/** @param command the innermost one that was recognized. */
function usageError(error: CommanderError, command: CommandUnknownOpts): NocpError {
  const path = command.parent ? `${pathOf(command)} ` : "";
  const help = `./nocp ${path}--help`;
  const isIncomplete = ["commander.help", "commander.unknownOption"].includes(error.code) && command.commands.length > 0;
  if (isIncomplete && command.parent) {
    const names = command.commands.map((subcommand) => subcommand.name()).join(", ");
    return new NocpError("USAGE", `${path}needs one of these subcommands: ${names}`, { advice: `See ${help}` });
  }
  const [problem = "", suggestion] = error.message.replace(/^error: /, "").split("\n(");
  const advice = suggestion === undefined ? `See ${help}` : `${suggestion.replace(/\)$/, "")} ${help} lists all`;
  return new NocpError("USAGE", problem, { advice });
}

const pathOf = (command: CommandUnknownOpts): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const sentence = (summary: string): string => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
