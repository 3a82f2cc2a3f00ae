// The choice of a format as a command: JSON in, the same value in the fewest tokens out, one JSON object each.
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { OutputFormat } from "@nocp/contracts/request.ts";
import type { Format } from "@nocp/text/formats/format.ts";
import { type SelectedFormat, selectFormat } from "@nocp/text/formats/select-format.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

export interface ArticulateOptions {
  readonly format: OutputFormat | "auto";
  /** One JSON value a line, instead of one in all. */
  readonly lines: boolean;
}

export interface ArticulateLinesDependencies {
  readonly formats: readonly Format[];
  readonly counter: TokenCounter;
}

/**
 * A value that is no JSON is answered with `{"error"}`, and the run goes on.
 * @returns the exit code: 1 when any value was answered so.
 */
export async function runArticulateLines(
  input: Readable,
  output: Writable,
  { format, lines }: ArticulateOptions,
  dependencies: ArticulateLinesDependencies,
): Promise<number> {
  let exitCode = 0;
  const write = async (text: string): Promise<void> => {
    const answer = articulated(text, format, dependencies);
    if ("error" in answer) exitCode = 1;
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, "drain");
  };
  if (!lines) await write(await readAll(input));
  else {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() !== "") await write(line);
    }
  }
  return exitCode;
}

function articulated(
  text: string,
  asked: OutputFormat | "auto",
  { formats, counter }: ArticulateLinesDependencies,
): SelectedFormat | { readonly error: string } {
  try {
    // Trimming takes a byte order mark away, too.
    return selectFormat(parseExactly(text.trim()), formats, counter, asked);
  } catch (error) {
    return { error: error instanceof SyntaxError ? `not JSON: ${error.message}` : coerceError(error).message };
  }
}
