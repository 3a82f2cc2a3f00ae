// assess: fits the context of a request into as few tokens as its answer needs.
import type { ProviderAttempt, Warning } from "@nocp/shared/contracts/accounting.ts";
import type { ContextItem } from "@nocp/shared/contracts/context-item.ts";
import type { ToolResult, ToolsCompleted } from "@nocp/shared/contracts/messages.ts";
import { coerceError, NocpError } from "@nocp/shared/errors/nocp-error.ts";
import { warningOf } from "@nocp/shared/errors/warning-catalogue.ts";
import type { Handle, HandlerContext } from "@nocp/shared/messaging/handler.ts";
import { sumCosts } from "@nocp/shared/pricing/cost-of-usage.ts";
import type { TokenCounter } from "@nocp/shared/tokens/token-counter.ts";
import { buildPrompt, type PromptTexts } from "./build-prompt.ts";
import { cachedPrefix } from "./cached-prefix.ts";
import { type CollectedContext, collectContext } from "./collect-context.ts";
import type { CompressionResult, Compressor } from "./compress.ts";
import { countPrompts } from "./count-prompts.ts";

import { renderItem } from "./measure-items.ts";
import type { ModelCall, PaidAnswers } from "./model-services.ts";
import { noStrategy } from "./run-group.ts";
import type { VendorCount } from "./vendor-count.ts";

export interface AssessDependencies {
  readonly compressor: Compressor;
  readonly counterFor: (model: string | undefined) => TokenCounter;
  /** Whose tokens are counted when a request names no model. */
  readonly defaultModel: string;
  /** Where models without a public tokenizer are to be counted by their vendor. */
  readonly vendorCount?: VendorCount | undefined;
  /** Answers of the student, under the request's id. */
  readonly paidAnswers?: PaidAnswers | undefined;
  /** Messages before the question that are never compressed. */
  readonly lastMessages: number;
  /** How often a session's context is expected to be sent, this time included. */
  readonly expectedTurns: number;
  /** How long vendors keep a prefix in their cache, in milliseconds; 0 for not at all. */
  readonly prefixCacheMs: number;
}

/** @returns a handler from `tools.completed` to `context.optimized`. */
export function createHandler(dependencies: AssessDependencies): Handle {
  return async (message, context) => {
    if (message.fact !== "tools.completed") throw new NocpError("INVALID_MESSAGE", `assess does not handle ${message.fact}`);
    const { body } = message;
    const collected = collectContext(body, dependencies.lastMessages);
    const counter = dependencies.counterFor(body.request.routing.model);
    const rawPrompt = buildPrompt(body, collected, textsOf(collected, itemsOf(collected).map(renderItem), false));
    const compressed = await compressContext(body, collected, dependencies, context);
    const changed = compressed.result?.strategies.some(({ strategy }) => strategy !== noStrategy) ?? false;
    const prompt = changed ? buildPrompt(body, collected, compressedTexts(collected, compressed.result)) : rawPrompt;
    const model = body.request.routing.model ?? dependencies.defaultModel;
    const { vendorCount } = dependencies;
    const prompts = { raw: rawPrompt, optimized: prompt, counter, model, vendorCount, signal: context.signal };
    const counted = await countPrompts(prompts);
    const results = [...body.toolResults, ...body.toolRounds.flatMap((round) => round.results)];
    return [
      {
        fact: "context.optimized",
        body: {
          ...carriedOf(body),
          warnings: [...body.warnings, ...compressed.warnings, ...counted.warnings],
          prompt,
          counting: { model, factor: counted.factor },
          inputTokens: counted.inputTokens,
          strategies: [...(compressed.result?.strategies ?? [])],
          spent: spentWith(body, compressed.result?.modelCalls ?? []),
          toolSummaries: results.map(withoutData),
          ...(body.offeredTools.length === 0 ? {} : { source: sourceOf(body) }),
        },
      },
    ];
  };
}

/** Compression that fails degrades the request to its raw context; a wish that cannot be granted fails it. */
async function compressContext(
  { request }: ToolsCompleted,
  collected: CollectedContext,
  { compressor, counterFor, expectedTurns, prefixCacheMs, paidAnswers }: AssessDependencies,
  context: HandlerContext,
): Promise<{ readonly result?: CompressionResult; readonly warnings: readonly Warning[] }> {
  const items = itemsOf(collected);
  if (items.length === 0 || request.compression.mode === "off") return { warnings: [] };
  try {
    const result = await context.span("compress", { "nocp.items": items.length }, () =>
      compressor.compress({
        ...request.compression,
        query: collected.question,
        items,
        model: request.routing.model,
        provider: request.routing.provider,
        turns: request.session === undefined ? 1 : expectedTurns,
        cached: cachedPrefix(collected, prefixCacheMs, context.submittedAt, counterFor(request.routing.model)),
        signal: context.signal,
        paidAnswers: paidAnswers && answersOf(paidAnswers, context.requestId),
      }),
    );
    return { result, warnings: result.warnings };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof NocpError) throw error;
    return { warnings: [warningOf("COMPRESSION_FAILED", `the raw context is used: ${coerceError(error).message}`)] };
  }
}

/** Sources, earlier messages, round results: the one order in which items are compressed and handed back. */
const itemsOf = ({ sources, earlier, roundItems }: CollectedContext): ContextItem[] => [
  ...sources,
  ...earlier.map(({ item }) => item),
  ...roundItems.flat().filter((item) => item !== undefined),
];

function compressedTexts(collected: CollectedContext, result: CompressionResult | undefined): PromptTexts {
  const pieces = result?.pieces ?? [];
  const first = collected.sources.length;
  const earlierChanged = collected.earlier.some(({ item }, at) => pieces[first + at]?.text !== renderItem(item));
  return textsOf(
    collected,
    pieces.map((piece) => piece.text),
    earlierChanged,
  );
}

/** @param texts one for each of `itemsOf`, in that order. */
function textsOf(
  { sources, earlier, roundItems }: CollectedContext,
  texts: readonly string[],
  earlierChanged: boolean,
): PromptTexts {
  const rest = texts.slice(sources.length + earlier.length);
  let next = 0;
  return {
    sources: texts.slice(0, sources.length),
    earlier: earlierChanged ? texts.slice(sources.length, sources.length + earlier.length) : undefined,
    roundItems: roundItems.map((items) => items.map((item) => (item === undefined ? undefined : rest[next++]))),
  };
}

const answersOf = (answers: PaidAnswers, requestId: string): PaidAnswers => ({
  get: (key) => answers.get(`${requestId}.${key}`),
  put: (key, answer) => answers.put(`${requestId}.${key}`, answer),
});

/** Models that helped to compress are on the bill like any other. */
function spentWith({ spent }: ToolsCompleted, calls: readonly ModelCall[]): ToolsCompleted["spent"] {
  const attempts = calls.map(
    ({ service, model, inputTokens, outputTokens, costUsd, elapsedMs }): ProviderAttempt => ({
      provider: service,
      model,
      outcome: "succeeded",
      latencyMs: elapsedMs,
      usage: { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, source: "provider" },
      costUsd,
      purpose: "compression",
    }),
  );
  return {
    attempts: [...spent.attempts, ...attempts],
    costUsd: sumCosts([spent.costUsd, ...calls.map(({ costUsd }) => costUsd)]),
  };
}

const withoutData = ({ data: _data, ...summary }: ToolResult) => summary;

/** What a further round of tools needs to build the context again. */
const sourceOf = ({ toolResults, toolRounds, offeredTools }: ToolsCompleted) => ({ toolResults, toolRounds, offeredTools });

/** The request goes on without its documents: they have become context. */
function carriedOf({ toolResults: _results, toolRounds: _rounds, offeredTools, ...carried }: ToolsCompleted) {
  return offeredTools.length > 0 ? carried : { ...carried, request: { ...carried.request, documents: [] } };
}
