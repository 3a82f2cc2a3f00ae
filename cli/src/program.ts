// The command line: only the file of the command that is run gets loaded.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { Command, CommanderError } from "commander";
import type { Environment } from "./command.ts";
import { type CommandEntry, commandTable } from "./command-table.ts";

export interface ProgramParts {
  readonly environment: Environment;
  readonly version: string;
  readonly commands?: readonly CommandEntry[];
}

const exitCodesHelp = `
Exit codes:
  0 done   1 failed   2 wrong usage or settings   3 something needed is missing   4 timed out, or no result   130 interrupted

Settings: defaults < nocp.config.yaml < .env < environment (NOCP_*) < --set section.name=value
Start with ./nocp demo; ./nocp <command> --help tells more.`;

/** @throws NocpError USAGE when the arguments are not understood; whatever the command throws. */
export async function runProgram(argv: readonly string[], parts: ProgramParts): Promise<void> {
  const commands = parts.commands ?? commandTable;
  const chosen = commands.find((entry) => entry.name === argv.find((word) => !word.startsWith("-")));
  const program = createProgram(parts);
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .summary(entry.summary)
      .description(sentence(entry.summary))
      .helpGroup(`${entry.group}:`);
    if (entry === chosen) {
      (await entry.load()).declareCommand(command, parts.environment);
      addCommonOptions(command);
    }
  }
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const advice = chosen ? `Run ./nocp ${chosen.name} --help` : "Run ./nocp --help";
    const message = missingPart(program, argv) ?? error.message.replace(/^error: /, "");
    throw new NocpError("USAGE", message, { advice });
  }
}

function createProgram({ environment, version }: ProgramParts): Command {
  const { terminal } = environment;
  return new Command("nocp")
    .usage("<command> [options]")
    .description(
      "Next-Gen Optimization and Compression Proxy: a queue in front of language models that cuts, routes and accounts.",
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
    .addHelpText("after", exitCodesHelp);
}

/** What to say where a command with subcommands was called without one; its options belong to those. */
function missingPart(program: Command, argv: readonly string[]): string | undefined {
  const [name, ...others] = argv.filter((word) => !word.startsWith("-"));
  const parts = program.commands.find((command) => command.name() === name)?.commands ?? [];
  if (parts.length === 0 || others.length > 0) return undefined;
  return `${name} needs one of ${parts.map((part) => part.name()).join(", ")}`;
}

/** Leaves of a command, itself when it has no subcommands. */
const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

function addCommonOptions(command: Command): void {
  for (const leaf of leavesOf(command)) {
    if (!leaf.options.some((option) => option.long === "--json")) leaf.option("--json", "print JSON on stdout, nothing else");
    leaf.option("-v, --verbose", "say more, and print the stack of an error");
    leaf.option("--set <section.name=value>", "override a setting; may be repeated", collectSetting, {});
  }
}

function collectSetting(text: string, collected: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new NocpError("USAGE", `--set ${text} has no value`, { advice: "Write --set section.name=value" });
  return { ...collected, [text.slice(0, at)]: text.slice(at + 1) };
}

const sentence = (summary: string): string => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
