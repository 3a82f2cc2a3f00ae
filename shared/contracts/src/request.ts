// What a caller submits. Strict: a field that is not here is an error that names it.
import { z } from "zod";
import { nativeRequestSchema } from "./native-request.ts";
import { payloadModes } from "./payload-mode.ts";
import {
  cacheMarkSchema,
  cacheTtls,
  contentPartSchema,
  framings,
  offeredToolSchema,
  promptCacheModes,
  reasoningItemSchema,
  toolRequestSchema,
} from "./prompt.ts";
import { modelTiers } from "./route.ts";
import { toolDefinitionModes } from "./tool-loading.ts";
import { defaultTenant, lanes } from "./topology.ts";

export const messageRoles = ["system", "user", "assistant", "tool"] as const;

/** Characters that mean nothing to a file system, a subject or a key: a session id is all of these. */
export const sessionIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Any version of UUID; what `requestId` and the last token of a submission's subject must be. */
export const requestIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const reasoningEfforts = ["none", "minimal", "low", "medium", "high"] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];

export const toolChoiceSchema = z.union([
  z.enum(["auto", "none", "required"]),
  z.strictObject({ name: z.string().min(1).max(128) }).describe("This tool, by its name."),
]);
export type ToolChoice = z.infer<typeof toolChoiceSchema>;

export const outputFormats = ["text", "json", "jsonl", "csv", "markdown", "toon"] as const;
export type OutputFormat = (typeof outputFormats)[number];

const defaultFallback = { sameModel: true, otherModel: true, smaller: true, filtered: false };

/** @param object makes every object of a request: strict ones for callers, lenient ones between stages. */
const requestFields = (object: typeof z.strictObject) => ({
  requestId: z
    .string()
    .regex(requestIdPattern, "must be a UUID (version 7 sorts by time); leave it out to get one")
    .optional()
    .describe("The idempotency key. Taken from the subject when absent."),
  query: z.string().min(1).max(1_000_000).optional().describe("The question to answer."),
  messages: z
    .array(
      object({
        role: z.enum(messageRoles),
        text: z.string(),
        at: z.iso.datetime({ offset: true }).optional().describe("When it was said, ISO 8601."),
        name: z.string().max(128).optional(),
        parts: z
          .array(contentPartSchema)
          .max(64)
          .optional()
          .describe("Of a user's message: images and the like, sent before the text."),
        toolRequests: z.array(toolRequestSchema).max(128).optional().describe("On an assistant message: the calls it asked for."),
        toolRequestId: z.string().min(1).max(256).optional().describe("On a tool message: the call it answers."),
        reasoning: z
          .array(reasoningItemSchema)
          .max(64)
          .optional()
          .describe("On an assistant message: reasoning to send back with it."),
        cache: cacheMarkSchema.optional(),
      }),
    )
    .max(10_000)
    .default([])
    .describe("The conversation so far, oldest first."),
  documents: z
    .array(
      object({
        id: z.string().min(1).max(256).optional(),
        title: z.string().max(2000).default(""),
        text: z.string(),
      }),
    )
    .max(100_000)
    .default([])
    .describe("Context to answer from."),
  tools: z
    .array(
      object({
        id: z.string().min(1).max(128).optional().describe("Names the call in the result; call-1, call-2, … when absent."),
        name: z.string().min(1).max(128).describe("The tool's name, e.g. file.read."),
        arguments: z.record(z.string(), z.unknown()).default({}).describe("The tool's arguments, checked against its schema."),
      }),
    )
    .max(64)
    .default([])
    .describe("Tools to run before the model is asked."),
  offerTools: z.array(z.string().min(1).max(128)).max(64).default([]).describe("Tools the model may call on its own."),
  parts: z.array(contentPartSchema).max(64).default([]).describe("Images and the like that the query is about."),
  callerTools: z
    .array(offeredToolSchema)
    .max(1_024)
    .default([])
    .describe("Tools that the caller runs: a call of one ends the request, and the result holds the call."),
  toolChoice: toolChoiceSchema.default("auto").describe("Whether the model must call a tool, and which."),
  session: object({
    id: z.string().regex(sessionIdPattern, "may hold letters, digits, - and _ only, at most 128, first a letter or digit"),
  })
    .optional()
    .describe("The conversation this request is a turn of."),
  routing: object({
    provider: z.string().min(1).max(64).optional(),
    model: z.string().min(1).max(200).optional().describe("A model, or a group or alias of router.groups and router.aliases."),
    candidates: z
      .array(object({ provider: z.string().min(1).max(64), model: z.string().min(1).max(200) }))
      .min(1)
      .max(16)
      .optional()
      .describe("Candidates that the strategy puts in order, in place of provider and model."),
    tier: z
      .enum(modelTiers)
      .optional()
      .describe("Candidates of this tier, where neither provider, model nor candidates are named."),
    strategy: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, "must be the name of a routing strategy")
      .optional()
      .describe("How equal candidates are put in order, in place of router.strategy."),
    regions: z.array(z.string().min(1).max(64)).max(16).optional().describe("Only candidates that run in one of these regions."),
    fallbacks: z
      .array(object({ provider: z.string().min(1).max(64), model: z.string().min(1).max(200) }))
      .max(16)
      .optional()
      .describe("Replaces the configured fallbacks."),
    temperature: z.number().min(0).max(2).optional(),
    cache: z.enum(["on", "off"]).default("on"),
    fallback: object({
      sameModel: z.boolean().default(true).describe("Try the same model again: once more at once, or through another account."),
      otherModel: z.boolean().default(true).describe("Go on to the other candidates of the route."),
      smaller: z
        .boolean()
        .default(true)
        .describe("When a prompt is too long for every candidate: send a shorter context, fewer messages and no tools."),
      degraded: z
        .boolean()
        .optional()
        .describe("If no candidate answers: an extract of the context, marked degraded. router.degradedAnswers by default."),
      filtered: z.boolean().default(false).describe("Ask other candidates for what a content filter refused."),
    })
      .default(defaultFallback)
      .describe("What may take the place of a candidate that failed."),
    onOutage: z
      .enum(["wait", "fail"])
      .optional()
      .describe("If every candidate's breaker is open: wait until one may be tried again, or fail at once."),
  }).default({ cache: "on", fallback: defaultFallback }),
  promptCache: object({
    mode: z
      .enum(promptCacheModes)
      .default("auto")
      .describe("auto: NOCP marks what later requests repeat of the prompt; marks: only the marks of the request; off: none."),
    ttl: z
      .enum(cacheTtls)
      .optional()
      .describe("How long the vendor is asked to keep what NOCP marks; a session's setting otherwise."),
    key: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Requests with the same key begin alike; made from the beginning when absent."),
  })
    .optional()
    .describe("The vendor's cache of prompts. With it, the request is expected to be one of several that begin alike."),
  generation: object({
    n: z.int().min(1).max(16).optional().describe("Answers to the same prompt; the further ones are alternatives in the result."),
    stop: z.array(z.string().min(1).max(256)).max(16).optional().describe("Texts at which the answer ends."),
    topP: z.number().gt(0).max(1).optional(),
    seed: z.int().optional(),
    reasoningEffort: z.enum(reasoningEfforts).optional(),
    parallelToolCalls: z.boolean().optional().describe("false: the model calls one tool at a time."),
  })
    .default({})
    .describe("How the model writes. docs/providers.md says which vendor takes what."),
  limits: object({
    deadlineAt: z.iso.datetime({ offset: true }).optional().describe("Absolute, ISO 8601: no stage starts work past it."),
    timeoutMs: z.int().positive().max(86_400_000).optional().describe("A deadline counted from acceptance."),
    maxCostUsd: z.number().positive().optional().describe("The completion is refused when it would cost more."),
    maxOutputTokens: z.int().positive().max(1_000_000).optional(),
  }).default({}),
  compression: object({
    mode: z
      .enum(["auto", "lossless", "off"])
      .default("auto")
      .describe("auto: what the answer needs; lossless: written shorter, nothing removed; off: as it came."),
    targetRatio: z.number().gt(0).max(1).optional().describe("Optimized tokens over raw tokens."),
    maxTokens: z.int().positive().optional().describe("A ceiling for the context, in tokens of the model."),
    recallFloor: z.number().gt(0).max(1).optional().describe("Compress as far as this expected recall allows."),
    strategies: z.array(z.string()).optional().describe("Only these strategies."),
    explain: z.boolean().optional().describe("List in the result, item by item, what was removed."),
    payloads: z
      .enum(payloadModes)
      .optional()
      .describe(
        "In mode lossless, binary data in texts (base64, long hexadecimal numbers). inline: as they came; reference: in the archive, with a reference in their place. assess.payloads when absent.",
      ),
    toolDefinitions: z
      .enum(toolDefinitionModes)
      .optional()
      .describe(
        "whole: as they came (the default); compact: without what says nothing; short: with shorter descriptions; selected: those that the question may need, the others by name.",
      ),
  }).default({ mode: "auto" }),
  output: object({
    schema: z.record(z.string(), z.unknown()).optional().describe("JSON Schema the answer must satisfy."),
    format: z.enum(["auto", ...outputFormats]).default("auto"),
    verbatim: z.boolean().optional().describe("The answer stays as the model wrote it; schema and format change nothing of it."),
  }).default({ format: "auto" }),
  framing: z
    .enum(framings)
    .optional()
    .describe("none: the model gets the messages where they stand and nothing else. Takes messages alone."),
  native: nativeRequestSchema.optional().describe("The vendor's own request that this one was made from. Set by the gateway."),
  lane: z.enum(lanes).optional().describe("Taken from the subject when absent."),
  stream: z.boolean().default(false).describe("Token deltas on nocp.v2.delta.<tenant>.<requestId>."),
  tenant: z
    .string()
    .regex(sessionIdPattern, "may hold letters, digits, - and _ only")
    .default(defaultTenant)
    .describe("Whose request it is: the tenant in its subject. May be left out."),
  tags: z.array(z.string().min(1).max(64)).max(32).default([]).describe("Names to account by."),
  key: z.string().min(1).max(128).optional().describe("Who is billed. Only a gateway may set it: see act.acceptKeys."),
  keyProof: z.string().max(128).optional().describe("Set by the gateway beside `key`: shows that the key is the caller's."),
  metadata: z.record(z.string().max(128), z.string().max(2000)).default({}).describe("Handed back with the result."),
});

export const requestSchema = z
  .strictObject(requestFields(z.strictObject))
  .refine((request) => request.query !== undefined || request.messages.length > 0, {
    message: "needs a query or messages: there is nothing to answer",
    path: ["query"],
  })
  .refine(({ routing }) => routing.candidates === undefined || (routing.provider ?? routing.model) === undefined, {
    message: "takes the place of provider and model: name either",
    path: ["routing", "candidates"],
  })
  .superRefine((request, problems) => {
    if (request.framing !== "none") return;
    for (const path of besideMessages(request)) {
      problems.addIssue({
        code: "custom",
        path: [path],
        message: "needs NOCP's framing; with framing none only messages are sent",
      });
    }
  });

/** Parts of a request that only NOCP's own prompt has a place for. */
const besideMessages = (request: z.infer<z.ZodObject<ReturnType<typeof requestFields>>>): string[] => [
  ...(request.query === undefined ? [] : ["query"]),
  ...(request.session === undefined ? [] : ["session"]),
  ...(["documents", "tools", "offerTools", "parts"] as const).filter((field) => request[field].length > 0),
];

/** A request on its way between stages, where a newer sender may add fields. */
export const carriedRequestSchema = z.object(requestFields(z.object as typeof z.strictObject));

/** A request after validation: every default filled in. */
export type NocpRequest = z.infer<typeof requestSchema>;
/** What a caller writes: defaults may be left out. */
export type NocpRequestInput = z.input<typeof requestSchema>;

/** A call of a tool: its name in the registry and the arguments it validates. */
export type ToolCall = NocpRequest["tools"][number];
export type RequestDocument = NocpRequest["documents"][number];
export type ConversationMessage = NocpRequest["messages"][number];
/** A provider and its model: one candidate of a route. */
export type RouteCandidate = NonNullable<NocpRequest["routing"]["fallbacks"]>[number];

/** The question a request asks: its query, or else the last message of the user. */
export function questionOf(request: Pick<NocpRequest, "query" | "messages">): string {
  if (request.query !== undefined) return request.query;
  return request.messages.findLast((message) => message.role === "user")?.text ?? request.messages.at(-1)?.text ?? "";
}
