// `articulate`: the service's choice of a format from stdin to stdout, without a queue.
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type OutputFormat, outputFormats } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { type ArticulateOptions, runArticulateLines } from "./articulate-lines.ts";

export interface ArticulateCommandOptions extends ArticulateOptions {
  /** Whose tokens are counted. */
  readonly model: string;
}

const defaultModel = "gpt-4o";

/** @param options as `parseArticulateOptions` returns them. @returns the exit code. */
export async function runArticulateCommand(
  input: Readable,
  output: Writable,
  { model, ...options }: ArticulateCommandOptions,
): Promise<number> {
  return runArticulateLines(input, output, options, { formats: await loadFormats(), counter: createTokenCounter(model) });
}

/** @throws NocpError USAGE for an unknown option or format. */
export function parseArticulateOptions(args: readonly string[]): ArticulateCommandOptions {
  const { format = "auto", model = defaultModel, lines = false } = parseKnown(args).values;
  if (!isAsked(format))
    throw new NocpError("USAGE", `--format must be auto or one of ${outputFormats.join(", ")}, got "${format}"`);
  return { format, model, lines };
}

function parseKnown(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { format: { type: "string" }, model: { type: "string" }, lines: { type: "boolean" } },
    });
  } catch (error) {
    throw new NocpError("USAGE", coerceError(error).message);
  }
}

const isAsked = (format: string): format is OutputFormat | "auto" =>
  format === "auto" || (outputFormats as readonly string[]).includes(format);

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await runArticulateCommand(process.stdin, process.stdout, parseArticulateOptions(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${coerceError(error).message}\n`);
    process.exitCode = 1;
  }
}
