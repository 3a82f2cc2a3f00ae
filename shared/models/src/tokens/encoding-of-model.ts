// Which encoding counts a model's tokens, and how well.
import type { EncodingName } from "@nocp/text/tokens/vocabulary.ts";

export interface ModelEncoding {
  readonly encoding: EncodingName;
  readonly accuracy: "exact" | "calibrated";
  /** Tokens of the model for each token of the encoding, before anything was learned; 1 when exact. */
  readonly startingFactor: number;
}

const exact = (encoding: EncodingName): ModelEncoding => ({ encoding, accuracy: "exact", startingFactor: 1 });
const calibrated = (startingFactor: number): ModelEncoding => ({
  encoding: "o200k_base",
  accuracy: "calibrated",
  startingFactor,
});

/**
 * The first match decides; a model's name counts without its provider's (`openai/gpt-4o`) and a fine-tune's prefix.
 * Anthropic publishes no tokenizer: o200k_base counts 15 to 20 % too few on prose and more on code (its own guidance).
 * Gemini's vocabulary runs 8 % over o200k_base (measured by ai-tokenizer). Any other model starts at 1 and learns.
 */
const rules: readonly (readonly [RegExp, ModelEncoding])[] = [
  [/^extractive/, exact("o200k_base")],
  [/^(gpt-3|gpt-4(?!o|\.|-?5)|text-embedding-|babbage-002|davinci-002)/, exact("cl100k_base")],
  [/^(gpt-|chatgpt-|o\d)/, exact("o200k_base")],
  [/claude/, calibrated(1.2)],
  [/gemini|gemma/, calibrated(1.08)],
];

const unknown = calibrated(1);

export function encodingOfModel(model: string): ModelEncoding {
  const name = model.toLowerCase().replace(/^.*\//, "").replace(/^ft:/, "");
  return rules.find(([pattern]) => pattern.test(name))?.[1] ?? unknown;
}
