// What a caller gets back: exactly one for every accepted request.
import { z } from "zod";
import {
  archivedSchema,
  costSchema,
  providerAttemptSchema,
  removalSchema,
  reportedErrorSchema,
  stageRecordSchema,
  strategyReportSchema,
  tokensSchema,
  usageSchema,
  warningSchema,
} from "./accounting.ts";
import { cacheOutcomeSchema, finishReasons, toolRoundSchema, toolSummarySchema } from "./messages.ts";
import { reasoningItemSchema, toolRequestSchema } from "./prompt.ts";
import { outputFormats } from "./request.ts";
import { routeSchema } from "./route.ts";
import { defaultTenant, lanes } from "./topology.ts";

export const latencySchema = z.object({
  totalMs: z.number().nonnegative().describe("From the broker's acceptance to the answer."),
  queueWaitMs: z.number().nonnegative().describe("Sum over all stages, without providerWaitMs."),
  modelMs: z.number().nonnegative().describe("Waiting for providers to complete the prompt."),
  // Absent in results of a release before it.
  providerWaitMs: z
    .number()
    .nonnegative()
    .default(0)
    .describe("Waiting until a provider could be asked: after its failure, for its quota or its breaker."),
  // Absent in results that a release before this map published; they expire within resultsMaxAgeMs.
  stageMs: z
    .record(z.string(), z.number().nonnegative())
    .default({})
    .describe("The work of each stage that handled the request, by its name, without modelMs and providerWaitMs."),
});
export type Latency = z.infer<typeof latencySchema>;

export const confidenceSchema = z.object({
  score: z.number().min(0).max(1),
  parts: z.record(z.string(), z.number().min(0).max(1)).describe("The stated parts the score is the mean of."),
});

export const resultSchema = z.object({
  v: z.literal(1).default(1),
  requestId: z.string(),
  status: z.enum(["succeeded", "degraded", "failed"]),
  answer: z.string().nullable().describe("In the format named by `format`; null when failed."),
  format: z.enum(outputFormats).nullable(),
  finishReason: z.enum(finishReasons).optional().describe("Why the model stopped; absent when failed."),
  stopSequence: z.string().optional().describe("Which text of generation.stop ended the answer, where the vendor says so."),
  reasoning: z.string().optional().describe("What the model thought, as far as its vendor shows it: no part of the answer."),
  reasoningItems: z
    .array(reasoningItemSchema)
    .optional()
    .describe("To send back with the assistant's message in the next request."),
  toolRequests: z.array(toolRequestSchema).optional().describe("Calls of the request's callerTools, for the caller to run."),
  toolRounds: z
    .array(toolRoundSchema)
    .optional()
    .describe("With toolRequests: what NOCP's own tools returned before. The next request repeats it in its messages."),
  alternatives: z.array(z.string()).optional().describe("Further answers, where generation.n asked for them."),
  usage: usageSchema.nullable(),
  tokens: tokensSchema,
  cost: costSchema,
  provider: z.string().nullable(),
  model: z.string().nullable(),
  attempts: z.array(providerAttemptSchema),
  route: routeSchema.optional().describe("Who was considered for the answer; absent when no route was made."),
  cache: cacheOutcomeSchema,
  strategies: z.array(strategyReportSchema),
  archived: z.array(archivedSchema).default([]),
  removed: z.array(removalSchema).optional().describe("What was removed, item by item, where compression.explain asks for it."),
  tools: z.array(toolSummarySchema),
  latency: latencySchema,
  journey: z.array(stageRecordSchema),
  confidence: confidenceSchema.nullable(),
  warnings: z.array(warningSchema),
  error: reportedErrorSchema.nullable(),
  traceId: z.string().nullable(),
  sessionId: z.string().nullable(),
  tenant: z.string().default(defaultTenant),
  tags: z.array(z.string()).default([]).describe("As the request has them."),
  key: z.string().optional().describe("Who is billed, where a gateway said it."),
  lane: z.enum(lanes),
  submittedAt: z.number(),
  completedAt: z.number(),
  metadata: z.record(z.string(), z.string()),
});
export type NocpResult = z.infer<typeof resultSchema>;
