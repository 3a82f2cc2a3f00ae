// Input tokens of the raw and the optimized prompt: estimated, or as the vendor counts the one that is sent.
import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import { countSchema } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { VendorCount } from "./vendor-count.ts";

export interface CountedPrompts {
  readonly inputTokens: { readonly raw: number; readonly optimized: number };
  /** What the counter multiplied by, the vendor's count included. */
  readonly factor: number;
  readonly warnings: readonly Warning[];
}

export interface PromptsToCount {
  /** The prompt that is sent. */
  readonly prompt: Prompt;
  /** What it takes by the counter. */
  readonly optimizedTokens: number;
  /** What it would take with the raw context, by the counter. */
  readonly rawTokens: number;
  /** Of the answer: it is sent with the prompt, and billed like it. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  readonly counter: TokenCounter;
  readonly model: string;
  /** Undefined: estimates are good enough. */
  readonly vendorCount: VendorCount | undefined;
  readonly signal: AbortSignal;
}

/** The vendor is asked about what is sent only; the raw prompt is scaled alike. Without its answer the estimate holds. */
export async function countPrompts({
  prompt,
  optimizedTokens,
  rawTokens,
  schema,
  counter,
  model,
  vendorCount,
  signal,
}: PromptsToCount): Promise<CountedPrompts> {
  const factor = counter.factor?.() ?? 1;
  const schemaTokens = countSchema(counter, schema);
  const withSchema = (raw: number, optimized: number) => ({ raw: raw + schemaTokens, optimized: optimized + schemaTokens });
  const estimate = { inputTokens: withSchema(rawTokens, optimizedTokens), factor, warnings: [] };
  if (vendorCount === undefined || counter.accuracy === "exact") return estimate;
  try {
    const counted = await vendorCount(prompt, model, signal);
    if (counted === undefined || counted === 0) return estimate;
    const scale = counted / optimizedTokens;
    return { inputTokens: withSchema(Math.round(rawTokens * scale), counted), factor: factor * scale, warnings: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NocpError)) throw error;
    return { ...estimate, warnings: [warningOf("COUNT_ESTIMATED", `tokens are estimated: ${error.message}`)] };
  }
}
