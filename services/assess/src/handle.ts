// assess: fits the context of a request into as few tokens as its answer needs.

import type { ProviderAttempt, Removal, Warning } from "@nocp/contracts/accounting.ts";
import { sumCosts } from "@nocp/contracts/cost-totals.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ToolResult, ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { PayloadMode } from "@nocp/contracts/payload-mode.ts";
import type { OfferedTool, Prompt } from "@nocp/contracts/prompt.ts";
import { type PromptShape, shapeOf } from "@nocp/models/tokens/calibration.ts";
import type { Emission, Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { archiveScopeOf } from "@nocp/runtime/stores/archive/archive-scope.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { assemblePrompt, itemsOf, textsOf } from "./assemble-prompt.ts";
import { buildPrompt, historyMessage } from "./build-prompt.ts";
import { cachedPrefix } from "./cached-prefix.ts";
import type { CallGuard, GuardedRequest } from "./call-guard.ts";
import { type CollectedContext, collectContext } from "./collect-context.ts";
import type { CompressedContext } from "./compress.ts";
import type { ContextMarks } from "./context-mark.ts";
import type { Conversation, Conversations } from "./conversation/conversations.ts";
import { countPrompts } from "./count-prompts.ts";
import { renderItem } from "./measure-items.ts";
import { callsOfRequest, type PaidCalls } from "./meter-services.ts";
import type { ModelCall } from "./model-services.ts";
import { type LayoutDependencies, layoutOf, type PromptLayout } from "./prompt-layout.ts";
import { archivedIn, bundlesOf, bytesOf, payloadTenantOf, storeBundles } from "./refer-payloads.ts";
import { noStrategy } from "./run-group.ts";
import { storeReferred } from "./store-referred.ts";
import { type TargetModel, type TargetOf, targetAsNamed } from "./target-model.ts";
import { createToolSender, type SentTools, type ToolSender, type ToolSending } from "./tool-definitions/send-tools.ts";
import { unframedPrompt } from "./unframed-prompt.ts";
import type { VendorCount } from "./vendor-count.ts";
import type { ContextWork, Counting } from "./workers/context-work.ts";
import { sizeOfItems } from "./workers/size-of-items.ts";

export interface AssessDependencies {
  readonly work: ContextWork;
  /** Without a shape, of texts by themselves. */
  readonly counterFor: (model: string | undefined, shape?: PromptShape) => TokenCounter;
  /** Whose tokens are counted when a request names no model. */
  readonly defaultModel: string;
  /** Where models without a public tokenizer are to be counted by their vendor. */
  readonly vendorCount?: VendorCount | undefined;
  /** Calls of models that help, under the request's id. */
  readonly paidCalls?: PaidCalls | undefined;
  /** Messages before the question that are never compressed. */
  readonly lastMessages: number;
  /** How often a session's context is expected to be sent, this time included. */
  readonly expectedTurns: number;
  /** How long vendors keep a prefix in their cache, in milliseconds; 0 for not at all. */
  readonly prefixCacheMs: number;
  /** Absent: requests of a session are treated as if it were their first turn. */
  readonly conversations?: Conversations;
  readonly archive: Pick<ArchiveStore, "put">;
  /** What a request may spend on models that help; without it, all it likes. */
  readonly guardFor?: ((guarded: GuardedRequest) => CallGuard) | undefined;
  /** Who will read the context; what the request itself names unless given. */
  readonly targetOf?: TargetOf;
  /** The mark in the tags around the context. */
  readonly contextMarkFor: ContextMarks;
  /** How often the model may ask for tools: in its last turn, all tools are offered. */
  readonly maxToolRounds?: number;
  /** What requests without a loss have in place of binary data, unless they say it; inline when absent. */
  readonly payloads?: PayloadMode;
  /** Absent: every context stands with its question alone. */
  readonly layout?: LayoutDependencies | undefined;
}

/** @returns a handler from `tools.completed` to `context.optimized`. */
export function createHandler(dependencies: AssessDependencies): Handle<"assess"> {
  const { targetOf = targetAsNamed, maxToolRounds = 0 } = dependencies;
  const toolSender = createToolSender(maxToolRounds);
  return async ({ body }, context) => {
    const target = targetOf(body.request);
    if (body.request.framing === "none") return [await unframed(body, target, { ...dependencies, toolSender }, context.signal)];
    const collected = collectContext(body, dependencies.lastMessages);
    const { schema } = body.request.output;
    const shape = shapeOf(body.offeredTools.length + body.request.callerTools.length > 0, schema !== undefined);
    const counter = dependencies.counterFor(target.model, shape);
    const calls: ModelCall[] = [];
    const spent = () => [...body.spent.attempts, ...calls.map(attemptOf)];
    const { now, deadlineAt } = context;
    const guard = dependencies.guardFor?.({ request: body.request, spent, now, deadlineAt });
    const onModelCall = (call: ModelCall) => {
      calls.push(call);
      context.recordCall(attemptOf(call));
    };
    const conversation = await dependencies.conversations?.before(body, collected.question, counter, context, {
      ...{ guard, onCall: onModelCall },
    });
    const rendered = itemsOf(collected).map(renderItem);
    const rawTexts = textsOf(collected, rendered, false);
    const sent = toolSender.send({ message: body, conversation: saidIn(collected, conversation), counter });
    const shown = withTools(body, sent.tools);
    const rawBody = withTools(body, sent.whole);
    const markFor = dependencies.contextMarkFor(body.request);
    const rawPrompt = buildPrompt(rawBody, collected, rawTexts, markFor, conversation?.verbatim);
    const model = target.model ?? dependencies.defaultModel;
    const { vendorCount, work } = dependencies;
    const { signal } = context;
    const how = { counter, signal };
    const countTexts = (texts: readonly string[]) => work.countTexts(texts, how);
    const rawTokens = await countRaw(work, rawPrompt, conversation, how);
    const emptyPrompt = () => {
      const texts = textsOf(collected, Array(rendered.length).fill(""), false);
      return buildPrompt(shown, collected, texts, markFor, conversation?.verbatim);
    };
    const roomTokens = await roomFor(rawTokens, target, () => countRaw(work, emptyPrompt(), conversation, how));
    const planned = layoutOf(
      {
        ...{ message: body, collected, rendered: rendered.slice(0, collected.sources.length) },
        history: conversation?.verbatim.history ?? [],
        prefixCacheMs: dependencies.prefixCacheMs,
        at: context.submittedAt,
      },
      // What is cut to fit a window is cut for its question alone.
      roomTokens === undefined ? dependencies.layout : undefined,
    );
    const compressed = await compressContext(body, { planned, target, roomTokens, guard }, dependencies, context, onModelCall);
    const layout = planned.with(compressed.result?.pieces.slice(0, planned.left.sources.length));
    const strategies = [...(conversation?.reports ?? []), ...layout.reports, ...(compressed.result?.strategies ?? [])];
    const changed = strategies.some(({ strategy }) => strategy !== noStrategy);
    const part = changed ? conversation?.fitted : conversation?.verbatim;
    const result = changed ? compressed.result : undefined;
    const parts = { result, conversation: part, countTexts };
    const prompt = await assemblePrompt(shown, layout, parts, markFor);
    const optimizedTokens = changed || sent.report ? await work.countPrompt(prompt, how) : rawTokens;
    const counted = await countPrompts({ prompt, rawTokens, optimizedTokens, schema, counter, model, vendorCount, signal });
    const results = [...body.toolResults, ...body.toolRounds.flatMap((round) => round.results)];
    return [
      {
        fact: "context.optimized",
        body: {
          ...carriedOf(body),
          warnings: [...body.warnings, ...(conversation?.warnings ?? []), ...compressed.warnings, ...counted.warnings],
          prompt,
          counting: { model, shape, factor: counted.factor },
          inputTokens: counted.inputTokens,
          strategies: [...strategies, ...(sent.report ? [sent.report] : [])],
          archived: compressed.result ? archivedIn(bundlesOf(compressed.result)) : [],
          ...(body.request.compression.explain ? { removed: removedOf(conversation, compressed.result, sent) } : {}),
          spent: spentWith(body, calls),
          toolSummaries: results.map(withoutData),
          ...(body.offeredTools.length === 0 ? {} : { source: sourceOf(body) }),
        },
      },
    ];
  };
}

/** A request without framing: nothing is removed from it, so there is nothing to decide, and nothing but binary data to archive. */
async function unframed(
  body: ToolsCompleted,
  target: TargetModel,
  dependencies: AssessDependencies & { readonly toolSender: ToolSender },
  signal: AbortSignal,
): Promise<Emission<"assess">> {
  const { counterFor, defaultModel, vendorCount, work, toolSender, archive } = dependencies;
  const counter = counterFor(target.model);
  const how = { counter, signal };
  const payloadTenant = payloadTenantOf(body.request, dependencies.payloads ?? "inline");
  const warnings: Warning[] = [];
  const shorter = {
    texts: async (texts: readonly string[]) =>
      storeReferred(await work.shortenTexts(texts, how, payloadTenant), archive, warnings),
    tool: toolSender.rewriteFor(body.request),
  };
  const { raw, prompt, native, strategies, payloads } = await unframedPrompt(body, shorter, counter);
  const model = target.model ?? defaultModel;
  const rawTokens = await work.countPrompt(raw, how);
  const counted = await countPrompts({
    prompt,
    rawTokens,
    optimizedTokens: strategies.length === 0 ? rawTokens : await work.countPrompt(prompt, how),
    schema: body.request.output.schema,
    counter,
    model,
    vendorCount,
    signal,
  });
  const carried = carriedOf(body);
  return {
    fact: "context.optimized",
    body: {
      ...carried,
      // The prompt has the messages; what is asked once more in another form would only be carried.
      request: { ...carried.request, messages: [], ...(native === undefined ? {} : { native }) },
      warnings: [...body.warnings, ...warnings, ...counted.warnings],
      prompt,
      counting: { model, shape: "plain", factor: counted.factor },
      inputTokens: counted.inputTokens,
      strategies: [...strategies],
      ...(payloads.length === 0 ? {} : { archived: archivedIn(payloads) }),
      spent: body.spent,
    },
  };
}

/** The prompt that a model is shown has these tools; further rounds need the request's own. */
const withTools = (body: ToolsCompleted, tools: readonly OfferedTool[]): ToolsCompleted => ({
  ...body,
  offeredTools: [],
  request: { ...body.request, callerTools: [...tools] },
});

/** Everything that was said and asked of tools, up to now. */
const saidIn = (
  { earlier, recent, question, rounds }: CollectedContext,
  conversation: Conversation | undefined,
): ToolSending["conversation"] => [
  ...(conversation?.verbatim.history ?? []),
  ...[...earlier.map(({ message }) => message), ...recent].map(historyMessage),
  { role: "user", text: question },
  ...rounds.map(({ text, requests }) => ({ role: "assistant" as const, text, toolRequests: requests })),
];

/** The turns before a session's request are counted once in a process, not with every request. */
async function countRaw(
  work: ContextWork,
  prompt: Prompt,
  conversation: Conversation | undefined,
  how: Counting,
): Promise<number> {
  if (!conversation) return work.countPrompt(prompt, how);
  const own = { ...prompt, history: prompt.history.slice(conversation.verbatim.history.length) };
  return (await work.countPrompt(own, how)) + conversation.verbatimTokens;
}

interface ContextToFit {
  readonly planned: PromptLayout;
  readonly target: TargetModel;
  /** Tokens that the context may have in the window of whoever answers; undefined: all of it fits. */
  readonly roomTokens: number | undefined;
  readonly guard: CallGuard | undefined;
}

/** The rest is for what a compressed prompt says of its archive, and for counts that are estimates. */
const windowShare = 0.95;

/** @param fixedTokens of the prompt without its context. */
async function roomFor(
  rawTokens: number,
  { promptTokens }: TargetModel,
  fixedTokens: () => Promise<number>,
): Promise<number | undefined> {
  if (rawTokens <= promptTokens) return undefined;
  const roomTokens = Math.floor(promptTokens * windowShare) - (await fixedTokens());
  // No context is small enough for a question that is too long itself: llm-router sees to that.
  return roomTokens > 0 ? roomTokens : undefined;
}

const leastOf = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/**
 * Compression that fails degrades the request to its raw context, and so does an archive that cannot be written: nothing
 * is removed that cannot be fetched back. A wish that cannot be granted fails the request.
 */
async function compressContext(
  { request, requestId }: ToolsCompleted,
  { planned: { left: collected, compression: laidOut }, target, roomTokens, guard }: ContextToFit,
  { archive, work, counterFor, expectedTurns, prefixCacheMs, paidCalls, payloads = "inline" }: AssessDependencies,
  context: HandlerContext,
  onModelCall: (call: ModelCall) => void,
): Promise<{ readonly result?: CompressedContext; readonly warnings: readonly Warning[] }> {
  const items = itemsOf(collected);
  if (items.length === 0 || request.compression.mode === "off") return { warnings: [] };
  const how = { counter: counterFor(target.model), signal: context.signal };
  const countTexts = (texts: readonly string[]) => work.countTexts(texts, how);
  try {
    const cached = await cachedPrefix(collected, prefixCacheMs, context.submittedAt, countTexts);
    const result = await context.span("compress", { "nocp.items": items.length }, () =>
      work.compress(
        {
          ...request.compression,
          maxTokens: leastOf(request.compression.maxTokens, roomTokens),
          query: collected.question,
          items,
          model: target.model,
          provider: target.provider,
          pricing: target.pricing,
          turns: request.session === undefined ? 1 : expectedTurns,
          cached,
          archiveScope: archiveScopeOf(request, requestId),
          payloadTenant: payloadTenantOf(request, payloads),
          signal: context.signal,
          paidCalls: paidCalls && callsOfRequest(paidCalls, context),
          callGuard: guard,
          ...laidOut,
          onModelCall,
        },
        sizeOfItems(collected.question, items),
      ),
    );
    const bundles = bundlesOf(result);
    if (bundles.length > 0) {
      const attributes = { "nocp.items": archivedIn(bundles).length, "nocp.bytes": bytesOf(bundles) };
      await context.span("archive", attributes, () => storeBundles(bundles, archive), { kind: "client" });
    }
    return { result, warnings: result.warnings };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof NocpError && error.code === "ARCHIVE_UNAVAILABLE") {
      return { warnings: [warningOf("ARCHIVE_UNAVAILABLE", `the context was not compressed: ${error.message}`)] };
    }
    if (error instanceof NocpError) throw error;
    return { warnings: [warningOf("COMPRESSION_FAILED", `the context was not compressed: ${coerceError(error).message}`)] };
  }
}

/** Turns that a session's summary stands for, and what compression took from the rest. */
function removedOf(conversation: Conversation | undefined, result: CompressedContext | undefined, sent: SentTools): Removal[] {
  const compacted = (conversation?.reports ?? [])
    .filter(({ strategy }) => strategy !== noStrategy)
    .flatMap(({ strategy, itemIds, justification: why }) =>
      itemIds.map((itemId) => ({
        itemId,
        strategy,
        why,
        parts: [{ mark: "", marks: 0, under: [], what: "all but what is quoted" }],
      })),
    );
  return [...compacted, ...(result?.removals ?? []), ...sent.removals];
}

/** Models that helped to compress are on the bill like any other. */
const spentWith = ({ spent }: ToolsCompleted, calls: readonly ModelCall[]): ToolsCompleted["spent"] => ({
  attempts: [...spent.attempts, ...calls.map(attemptOf)],
  costUsd: sumCosts([spent.costUsd, ...calls.map(({ costUsd }) => costUsd)]),
});

const attemptOf = ({ service, model, elapsedMs, inputTokens, outputTokens, ...call }: ModelCall): ProviderAttempt => ({
  provider: service,
  model,
  outcome: call.outcome,
  ...(call.errorCode === undefined ? {} : { errorCode: call.errorCode }),
  latencyMs: elapsedMs,
  ...(inputTokens + outputTokens === 0 ? {} : { usage: { ...usageWithoutCache, inputTokens, outputTokens } }),
  costUsd: call.costUsd,
  ...(call.atMostUsd === undefined ? {} : { atMostUsd: call.atMostUsd }),
  purpose: "compression",
});

const usageWithoutCache = { cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, source: "provider" as const };

const withoutData = ({ data: _data, cache: _mark, ...summary }: ToolResult) => summary;

/** What a further round of tools needs to build the context again. */
const sourceOf = ({ toolResults, toolRounds, offeredTools }: ToolsCompleted) => ({ toolResults, toolRounds, offeredTools });

/** The request goes on without its documents: they have become context. */
function carriedOf({ toolResults: _results, toolRounds: _rounds, offeredTools, ...carried }: ToolsCompleted) {
  return offeredTools.length > 0 ? carried : { ...carried, request: { ...carried.request, documents: [] } };
}
