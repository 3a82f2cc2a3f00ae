// A process of its own: what it takes until a compressor is ready, and its first compressions, one after the other. Prints JSON.
import { createCompressor } from "@nocp/assess/compress.ts";
import { defaultModel } from "@nocp/assess/config.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { createSpeedInput, speedSubjects } from "./speed-inputs.ts";

export interface FirstCompressions {
  /** Reading the strategies and their packages, in milliseconds. */
  readonly strategiesMs: number;
  /** The first count: reading the vocabulary. */
  readonly vocabularyMs: number;
  /** Of each compression, the first one first. */
  readonly compressionsMs: readonly number[];
  readonly rawTokens: number;
}

async function measured<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

const [name = "", size = "", rounds = ""] = process.argv.slice(2);
const subject = speedSubjects.find((known) => known.name === name);
if (subject === undefined) throw new Error(`there is no subject ${name}`);
const strategies = await measured(loadStrategies);
const counter = createTokenCounter(defaultModel);
const vocabulary = await measured(() => counter.count("first"));
const compressor = createCompressor({ strategies: strategies.result, counterFor: () => counter });
const compressions: { ms: number; rawTokens: number }[] = [];
for (let round = 0; round < Number(rounds); round++) {
  // Other texts each time, as requests are.
  const input = createSpeedInput(subject, Number(size) + round, counter);
  const { ms, result } = await measured(() => compressor.compress({ ...input, mode: "auto" }));
  compressions.push({ ms, rawTokens: result.rawTokens });
}
console.log(
  JSON.stringify({
    strategiesMs: strategies.ms,
    vocabularyMs: vocabulary.ms,
    compressionsMs: compressions.map(({ ms }) => ms),
    rawTokens: compressions.at(-1)?.rawTokens ?? 0,
  } satisfies FirstCompressions),
);
