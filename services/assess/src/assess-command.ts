// `assess`: compresses JSON lines from stdin to stdout with the service's own compressor, without a queue.
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { createFolderArchive } from "@nocp/runtime/stores/archive/folder-archive.ts";
import { type AssessOptions, runAssessLines } from "./assess-lines.ts";
import { createCompressor } from "./compress.ts";
import type { CompressionStrategy } from "./compression-strategy.ts";
import { defaultModel } from "./config.ts";
import { loadStrategies } from "./load-strategies.ts";
import type { ModelServices, PriceOfCall } from "./model-services.ts";
import { pricesOf } from "./target-prices.ts";
import { warmUp, warmUpMs } from "./warm-up.ts";

/** Models for the strategies that need one, and what their calls cost. */
export interface AssessModels {
  readonly services: ModelServices;
  readonly priceOfCall: PriceOfCall;
}

/**
 * @param options as `parseAssessOptions` returns them.
 * @param models of the provider that the options name.
 * @returns the exit code.
 * @throws NocpError USAGE for a strategy that needs a provider when none is given.
 */
export async function runAssessCommand(
  input: Readable,
  output: Writable,
  options: AssessOptions,
  models?: AssessModels,
): Promise<number> {
  const strategies = await loadStrategies();
  requireProvider(strategies, options.strategies, models?.services ?? {});
  const counterFor = (model: string | undefined) => createTokenCounter(model ?? defaultModel);
  // The first count reads the vocabulary: part of the start, not of the first line's time.
  counterFor(options.model).count("start");
  const own = { strategies, counterFor, pricesFor: pricesOf(defaultModel, Date.now) };
  const compressor = createCompressor({ ...own, ...models });
  // Without the models that help: they would be paid for this.
  await warmUp(createCompressor(own), warmUpMs, () => performance.now());
  const archive = options.archiveDir === undefined ? undefined : createFolderArchive(options.archiveDir);
  return runAssessLines(input, output, { compressor, options, archive, now: () => performance.now() });
}

/** Said at once, and not for each line. */
function requireProvider(
  strategies: readonly CompressionStrategy[],
  wanted: readonly string[] = [],
  services: ModelServices,
): void {
  for (const { name, requires } of strategies) {
    if (requires === undefined || !wanted.includes(name) || services[requires] !== undefined) continue;
    const how = "--provider openai/<model>, or openai-compatible/<model> for another server";
    throw new NocpError(
      "USAGE",
      `--strategies ${name} needs a model (${requires}): give ${how}, or set assess.${requires}.model`,
    );
  }
}

/** @throws NocpError USAGE for an unknown option or a number out of range. */
export function parseAssessOptions(args: readonly string[]): AssessOptions {
  const { values } = parseKnown(args);
  return {
    targetRatio: numberOf("--target-ratio", values["target-ratio"], isShare, "above 0 and at most 1"),
    recallFloor: numberOf("--recall-floor", values["recall-floor"], isShare, "above 0 and at most 1"),
    maxTokens: numberOf(
      "--max-tokens",
      values["max-tokens"],
      (tokens) => Number.isInteger(tokens) && tokens > 0,
      "a whole number above 0",
    ),
    model: values.model,
    strategies: values.strategies?.split(",").map((name) => name.trim()),
    archiveDir: values["archive-dir"],
    provider: values.provider,
  };
}

const isShare = (value: number): boolean => value > 0 && value <= 1;

function parseKnown(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "target-ratio": { type: "string" },
        "recall-floor": { type: "string" },
        "max-tokens": { type: "string" },
        model: { type: "string" },
        strategies: { type: "string" },
        "archive-dir": { type: "string" },
        provider: { type: "string" },
      },
    });
  } catch (error) {
    throw new NocpError("USAGE", coerceError(error).message);
  }
}

function numberOf(
  option: string,
  text: string | undefined,
  isValid: (value: number) => boolean,
  expected: string,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !isValid(value)) throw new NocpError("USAGE", `${option} must be ${expected}, got "${text}"`);
  return value;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await runAssessCommand(process.stdin, process.stdout, parseAssessOptions(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${coerceError(error).message}\n`);
    process.exitCode = 1;
  }
}
