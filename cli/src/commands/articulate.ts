// ./nocp articulate: the service's own work from stdin to stdout, without a queue; its options are the service's.
import { parseArticulateOptions, runArticulateCommand } from "@nocp/articulate/articulate-command.ts";
import type { Command } from "commander";
import type { CommonOptions, Environment } from "../command.ts";
import { longOptions } from "../long-options.ts";

type Options = CommonOptions & Readonly<Record<string, unknown>>;

export function declareCommand(command: Command, { stdin, stdout }: Environment): void {
  command
    .description("Writes the JSON value on stdin in the format of fewest tokens, as the service articulate does.")
    .option("--format <format>", "auto, or the format to use")
    .option("--model <model>", "whose tokens are counted")
    .option("--lines", "one JSON value a line")
    .action(async (options: Options) => {
      const settings = parseArticulateOptions(longOptions(options, ["format", "model", "lines"]));
      process.exitCode = await runArticulateCommand(stdin, stdout, settings);
    });
}
