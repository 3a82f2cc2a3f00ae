// The command line of a benchmark's process: its options, and how it ends when something is wrong.
import { Command, CommanderError } from "@commander-js/extra-typings";
import { errorLine, exitCodeOf, failureOf } from "@nocp/cli/terminal/exit-code.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/**
 * The benchmark's command, to add options to and to give to `readOptions`. `--json` takes an optional file.
 * From here on, any error that is not caught ends the process with one line and the error's exit code.
 */
export function benchmarkCommand(name: string) {
  process.on("uncaughtException", endWith);
  return new Command(`./nocp benchmark ${name}`)
    .helpOption("-h, --help", "print this help")
    .option("--json [file]", "write the report as JSON to this file, or to stdout")
    .exitOverride()
    .configureOutput({ writeOut: (text) => console.log(text.trimEnd()), writeErr: () => undefined });
}

/** @throws NocpError USAGE. */
export function readOptions<Options>(command: Pick<Command<[], Options & {}>, "parse">): Options {
  try {
    return command.parse().opts();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    throw new NocpError("USAGE", error.message.replace(/^error: /, "").replace(/(?<!\s)\s*\n\s*/g, " "));
  }
}

function endWith(error: unknown): never {
  const failure = failureOf(error);
  if (process.argv.includes("--json")) console.log(JSON.stringify({ error: failure }));
  else console.error(errorLine(failure));
  process.exit(exitCodeOf(error));
}
