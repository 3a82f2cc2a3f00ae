// Every message between stages. Lenient about unknown fields (a newer sender may add some), strict about known ones.
import { z } from "zod";
import {
  archivedSchema,
  providerAttemptSchema,
  removalSchema,
  stageRecordSchema,
  strategyReportSchema,
  tokensSchema,
  usageSchema,
  warningSchema,
} from "./accounting.ts";
import { cacheMarkSchema, offeredToolSchema, promptSchema, reasoningItemSchema, toolRequestSchema } from "./prompt.ts";
import { carriedRequestSchema, requestSchema } from "./request.ts";
import { routeSchema } from "./route.ts";
import { type Fact, lanes } from "./topology.ts";

export const toolResultSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(["succeeded", "failed"]),
  data: z.json().optional().describe("What the tool returned."),
  error: z.object({ code: z.string(), message: z.string(), advice: z.string().optional() }).optional(),
  bytes: z.int().nonnegative(),
  elapsedMs: z.number().nonnegative(),
  attempts: z.int().positive().default(1),
  cached: z.boolean().default(false),
  cache: cacheMarkSchema.optional().describe("A mark that the caller set on the result."),
});
export type ToolResult = z.infer<typeof toolResultSchema>;

/** Tools the model asked for, and what they returned: one turn of the loop between llm-router and act. */
export const toolRoundSchema = z.object({
  text: z.string().describe("What the model said beside its calls."),
  requests: z.array(toolRequestSchema),
  results: z.array(toolResultSchema),
  reasoning: z.array(reasoningItemSchema).optional().describe("What the model wants back with its calls."),
  cache: cacheMarkSchema.optional().describe("A mark that the caller set on the message with the calls."),
  isShared: z
    .boolean()
    .optional()
    .describe("The model asked for tools of the caller in the same turn: those calls are the result's toolRequests."),
});
export type ToolRound = z.infer<typeof toolRoundSchema>;

/** What was spent so far, over all provider calls of the request. */
export const spentSchema = z.object({
  attempts: z.array(providerAttemptSchema).default([]),
  costUsd: z.number().nonnegative().nullable().default(0),
});
export type Spent = z.infer<typeof spentSchema>;

const carried = {
  v: z.literal(1).default(1),
  requestId: z.string().min(1),
  lane: z.enum(lanes),
  submittedAt: z.number().describe("Milliseconds since the epoch, by the broker's clock."),
  deadlineAt: z.number().describe("Milliseconds since the epoch."),
  request: carriedRequestSchema,
  journey: z.array(stageRecordSchema).default([]).describe("Filled by the stage runtime."),
  warnings: z.array(warningSchema).default([]),
};

/** Counts from 0; rises with every tool round, and names the completion's record (M7). */
const step = z.int().nonnegative().default(0);

export const toolsCompletedSchema = z.object({
  ...carried,
  step,
  toolResults: z.array(toolResultSchema).default([]),
  toolRounds: z.array(toolRoundSchema).default([]),
  offeredTools: z.array(offeredToolSchema).default([]),
  spent: spentSchema.default({ attempts: [], costUsd: 0 }),
});
export type ToolsCompleted = z.infer<typeof toolsCompletedSchema>;

export const toolSummarySchema = toolResultSchema.omit({ data: true, cache: true });
export type ToolSummary = z.infer<typeof toolSummarySchema>;

export const contextOptimizedSchema = z.object({
  ...carried,
  step,
  prompt: promptSchema,
  inputTokens: tokensSchema.shape.input,
  counting: z
    .object({ model: z.string(), shape: z.string().default("plain"), factor: z.number().positive() })
    .optional()
    .describe(
      "The model whose tokens were counted, in a prompt of which shape, and what its counter multiplied by; absent: not known.",
    ),
  strategies: z.array(strategyReportSchema).default([]),
  archived: z.array(archivedSchema).default([]),
  removed: z.array(removalSchema).optional(),
  toolSummaries: z.array(toolSummarySchema).default([]),
  /** What a further tool round needs to rebuild the context from; absent when the request offers no tools. */
  source: z
    .object({
      toolResults: z.array(toolResultSchema),
      toolRounds: z.array(toolRoundSchema),
      offeredTools: z.array(offeredToolSchema),
    })
    .optional(),
  spent: spentSchema.default({ attempts: [], costUsd: 0 }),
});
export type ContextOptimized = z.infer<typeof contextOptimizedSchema>;

export const finishReasons = ["stop", "length", "content-filter", "tool-calls", "error", "unknown"] as const;

export const completionSchema = z.object({
  text: z.string(),
  finishReason: z.enum(finishReasons),
  /** Which of the texts that end an answer ended this one, where its vendor says so. */
  stopSequence: z.string().optional(),
  provider: z.string(),
  model: z.string(),
  usage: usageSchema,
  /** What the model thought, as far as its vendor shows it: no part of the answer. */
  reasoning: z.string().optional(),
  /** What the vendor wants back with the next turn. */
  reasoningItems: z.array(reasoningItemSchema).optional(),
  /** Calls of tools that the caller runs. */
  toolRequests: z.array(toolRequestSchema).optional(),
  alternatives: z.array(z.string()).optional(),
  /** Between 0 and 1, only where the provider itself says something about it. */
  providerConfidence: z.number().min(0).max(1).optional(),
});
export type Completion = z.infer<typeof completionSchema>;

export const cacheOutcomeSchema = z.object({
  hit: z.boolean(),
  tier: z.string().nullable().default(null),
});

/** A model's answer and what it took to get it. */
const endingSchema = z.object({
  completion: completionSchema,
  context: z.string().default("").describe("What the model saw, for the support part of confidence."),
  inputTokens: tokensSchema.shape.input,
  strategies: z.array(strategyReportSchema).default([]),
  archived: z.array(archivedSchema).default([]),
  removed: z.array(removalSchema).optional(),
  toolSummaries: z.array(toolSummarySchema).default([]),
  spent: spentSchema,
  cost: z.object({
    baselineUsd: z.number().nonnegative().nullable(),
    reference: z.object({
      model: z.string(),
      usd: z.number().nonnegative().nullable(),
      baselineUsd: z.number().nonnegative().nullable(),
    }),
    priceTable: z.string(),
  }),
  cache: cacheOutcomeSchema.default({ hit: false, tier: null }),
  route: routeSchema.optional(),
});

export const completionReceivedSchema = z.object({
  ...carried,
  ...endingSchema.shape,
  toolRounds: z
    .array(toolRoundSchema)
    .optional()
    .describe("What NOCP's own tools returned before, or together with, the calls that are the caller's to run."),
});
export type CompletionReceived = z.infer<typeof completionReceivedSchema>;

/** The model asks for tools: everything of `tools.completed`, and the calls that are still to run. */
export const toolsRequestedSchema = z.object({
  ...toolsCompletedSchema.shape,
  pending: z.object({
    text: z.string(),
    requests: z.array(toolRequestSchema),
    reasoning: z.array(reasoningItemSchema).optional(),
  }),
  ending: endingSchema
    .optional()
    .describe("The model asked for tools of the caller, too: once the pending calls have run, this goes on to articulate."),
});
export type ToolsRequested = z.infer<typeof toolsRequestedSchema>;

/** The schema of each fact's body, with what the documentation says of it. */
export const factSchemas = {
  "request.submitted": requestSchema.meta({
    title: "NOCP request",
    description: "What a caller submits. It needs a query or at least one message. An unknown field is an error that names it.",
  }),
  "tools.requested": toolsRequestedSchema.meta({
    title: "Tools requested",
    description: "The model asks for tools; act runs the pending calls and passes on the rest.",
  }),
  "tools.completed": toolsCompletedSchema.meta({
    title: "Tools completed",
    description: "A request with the results of its tools, for assess.",
  }),
  "context.optimized": contextOptimizedSchema.meta({
    title: "Context optimized",
    description: "A prompt that fits, and what was done to its context, for llm-router.",
  }),
  "completion.received": completionReceivedSchema.meta({
    title: "Completion received",
    description: "A model's answer and what it took to get it, for articulate.",
  }),
} as const satisfies Record<Fact, z.ZodType>;

export type FactBody<F extends Fact> = z.infer<(typeof factSchemas)[F]>;
type Shape<F extends Fact> = (typeof factSchemas)[F]["shape"];
type Defaulted<F extends Fact> = {
  [K in keyof Shape<F>]: Shape<F>[K] extends z.ZodDefault ? K : never;
}[keyof Shape<F>] &
  keyof FactBody<F>;
/** What a handler writes: fields with a default may be left out, and what it writes of them is complete. */
export type FactInput<F extends Fact> = F extends "request.submitted"
  ? z.input<(typeof factSchemas)[F]>
  : Omit<FactBody<F>, Defaulted<F>> & Partial<Pick<FactBody<F>, Defaulted<F>>>;
