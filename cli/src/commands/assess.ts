// ./nocp assess: the service's own work from stdin to stdout, without a queue; its options are the service's.
import { parseAssessOptions, runAssessCommand } from "@nocp/assess/assess-command.ts";
import type { Command } from "commander";
import type { CommonOptions, Surroundings } from "../command.ts";
import { longOptions } from "../long-options.ts";

type Options = CommonOptions & Readonly<Record<string, unknown>>;

export function declareCommand(command: Command, { stdin, stdout }: Surroundings): void {
  command
    .description("Compresses JSON lines from stdin, each with items and a query, as the service assess does.")
    .option("--target-ratio <ratio>", "tokens left over tokens before, above 0 and at most 1")
    .option("--max-tokens <count>", "tokens left at most")
    .option("--model <model>", "whose tokens are counted")
    .option("--strategies <names>", "only these, separated by commas")
    .option("--archive-dir <folder>", "write what is removed there, for ./nocp archive")
    .action(async (options: Options) => {
      const settings = parseAssessOptions(
        longOptions(options, ["targetRatio", "maxTokens", "model", "strategies", "archiveDir"]),
      );
      process.exitCode = await runAssessCommand(stdin, stdout, settings);
    });
}
