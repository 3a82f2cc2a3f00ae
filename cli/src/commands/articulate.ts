// ./nocp articulate: the service's own work from stdin to stdout, without a queue.
import { type Command, Option } from "@commander-js/extra-typings";
import { runArticulateLines } from "@nocp/articulate/articulate-lines.ts";
import { outputFormats } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import type { Environment } from "../command.ts";
import { withCommonOptions } from "../options/shared-options.ts";

export function declareCommand(command: Command, { stdin, stdout, interruption }: Environment): void {
  withCommonOptions(
    command
      .description("Write the JSON value on stdin in the format with the fewest tokens, as the articulate service does.")
      .addOption(new Option("--format <format>", "format to use").choices(["auto", ...outputFormats]).default("auto" as const))
      .option("--model <model>", "model whose tokenizer counts", "gpt-4o")
      .option("--lines", "read one JSON value per line"),
  ).action(async ({ format, model, lines = false }) => {
    interruption.endWithReader();
    const dependencies = { formats: await loadFormats(), counter: createTokenCounter(model) };
    process.exitCode = await runArticulateLines(stdin, stdout, { format, lines }, dependencies);
  });
}
