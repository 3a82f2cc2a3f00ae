// The bill's parts: usage, money, tokens before and after, and what a strategy did.
import { z } from "zod";

const count = z.int().nonnegative();
/** US dollars; `null` when the model's price is unknown, never 0 for lack of knowledge. */
const usd = z.number().nonnegative().nullable();

/** What a provider billed. `inputTokens` includes the cached ones; `outputTokens` includes reasoning. */
export const usageSchema = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count.default(0),
  cacheWriteTokens: count.default(0),
  cacheWriteOneHourTokens: count.optional().describe("Of the cache writes, those kept for an hour, which cost more."),
  reasoningTokens: count.default(0),
  source: z.enum(["provider", "counted"]).default("provider").describe("counted: the provider sent none, NOCP counted."),
});
export type Usage = z.infer<typeof usageSchema>;

export const tokensSchema = z.object({
  input: z.object({ raw: count, optimized: count }),
  output: z.object({ raw: count, optimized: count }),
});
export type Tokens = z.infer<typeof tokensSchema>;

export const costSchema = z.object({
  usd: usd.describe("What the request cost, all attempts and tool rounds included."),
  knownUsd: z.number().nonnegative().optional().describe("Where usd is null: the part of it that is known."),
  baselineUsd: usd.describe(
    "What the same calls would have cost with the raw context, at the same model. What the vendor had cached stays cached.",
  ),
  reference: z
    .object({ model: z.string(), usd, baselineUsd: usd })
    .describe("The same two figures at one named model, so that free and paid providers compare."),
  priceTable: z.string().describe("Name and version of the price table."),
});
export type Cost = z.infer<typeof costSchema>;

/** What a compression is worth: `net` = saved − lostCache − helpers − fetchBack, all in `unit`. */
export const worthSchema = z.object({
  unit: z.enum(["usd", "tokens"]).describe("tokens: the model has no known price."),
  saved: z.number().describe("The tokens saved, at the price they would be sent at, over all expected sendings."),
  lostCache: z.number().describe("What the vendor has to read again because a cached prefix was rewritten."),
  helpers: z.number().describe("What models that helped to compress cost."),
  fetchBack: z.number().describe("Expected cost of fetching back what the answer turns out to need."),
  net: z.number(),
});

/** What one strategy did to some items, in numbers. */
export const strategyReportSchema = z.object({
  strategy: z.string(),
  itemIds: z.array(z.string()),
  before: count.describe("Tokens of these items as plain text."),
  after: count.describe("Tokens of what the strategy left."),
  justification: z.string().describe("Why it was worth it, or why not, in numbers."),
  worth: worthSchema.optional(),
});
export type StrategyReport = z.infer<typeof strategyReportSchema>;

export const archivedSchema = z.object({ ref: z.string(), sha256: z.string(), bytes: count });
export type Archived = z.infer<typeof archivedSchema>;

/** A part of an item that is no longer in the prompt. */
export const removedPartSchema = z.object({
  mark: z.string().describe("What stands in its place in the prompt; empty: nothing does."),
  marks: count.describe("How many such marks stand there, where many parts of one place are left out alike."),
  under: z.array(z.string()).describe("The headings, files, fields or turns it stood below, outermost first."),
  what: z.string().describe("Which part it is, such as `lines 12 to 30`."),
});
export type RemovedPart = z.infer<typeof removedPartSchema>;

/** What compression took from one item. */
export const removalSchema = z.object({
  itemId: z.string(),
  strategy: z.string().describe("What took it last."),
  why: z.string().describe("The strategy's justification, in numbers."),
  ref: z.string().optional().describe("Fetches the whole original; absent: nothing was archived."),
  parts: z.array(removedPartSchema),
});
export type Removal = z.infer<typeof removalSchema>;

/** One call of a provider, answered or not. */
export const providerAttemptSchema = z.object({
  provider: z.string(),
  model: z.string(),
  outcome: z.enum(["succeeded", "failed"]),
  errorCode: z.string().optional(),
  latencyMs: z.number().nonnegative(),
  timeToFirstTokenMs: z.number().nonnegative().optional(),
  usage: usageSchema.optional(),
  costUsd: usd.default(null).describe("0: not billed. null: unknown."),
  atMostUsd: z.number().nonnegative().optional().describe("Where costUsd is null: the most that the call may have cost."),
  purpose: z.enum(["completion", "compression"]).optional().describe("compression: a model that helped to cut the context."),
});
export type ProviderAttempt = z.infer<typeof providerAttemptSchema>;

/** One stage's share of a request's way. */
export const stageRecordSchema = z.object({
  stage: z.string(),
  attempt: z.int().positive(),
  queueWaitMs: z.number().nonnegative(),
  workMs: z.number().nonnegative(),
  heldMs: z
    .number()
    .nonnegative()
    .optional()
    .describe("Of queueWaitMs: until a provider could be asked, after its failure, for its quota or its breaker."),
  pausedMs: z.number().nonnegative().optional().describe("Of workMs: the same, while the stage kept the message."),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
});
export type Warning = z.infer<typeof warningSchema>;

/** A reported error: code of the catalogue, a sentence, and what to do about it. */
export const reportedErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  advice: z.string().optional(),
  stage: z.string().optional(),
  retryAfterMs: z.number().nonnegative().optional().describe("When it may be tried again, where that is known."),
});
export type ReportedError = z.infer<typeof reportedErrorSchema>;
