// `assess`: compresses JSON lines from stdin to stdout with the service's own compressor, without a queue.
import type { Readable, Writable } from "node:stream";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
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
