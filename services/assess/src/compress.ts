// The compressor: measures items, plans, runs the strategies, and keeps the raw text where compressing does not pay.

import type { Warning } from "@nocp/contracts/accounting.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { archiveRemoved, type ReferringText, reservedTokens } from "./archive-removed.ts";
import { type BudgetRules, defaultBudgetRules, expectedTokens, isSmall, separately } from "./budget.ts";
import { type InputPrices, tokensAsPrices } from "./calculus.ts";
import { chooseStrategies } from "./choose-strategies.ts";
import type { CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import type { Economics } from "./economics.ts";
import { leaveRetrieved, limitWithRetrieved } from "./leave-retrieved.ts";
import { measureItems, measureReadable } from "./measure-items.ts";
import { type ModelCall, type ModelServices, meterServices, type PaidAnswers, type PriceOfCall } from "./model-services.ts";
import { type CompressionPlan, planCompression, sumTokens } from "./plan-compression.ts";
import { prepareItems } from "./prepare-items.ts";
import { joinPieces, type PlanOutcome, type PlanWork, rawPiece, runPlan } from "./run-plan.ts";

export interface CompressionRequest {
  readonly query: string;
  readonly items: readonly ContextItem[];
  readonly mode: "auto" | "off";
  /** Optimized over raw tokens, above 0 and at most 1. */
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly recallFloor?: number | undefined;
  readonly model?: string | undefined;
  /** The route's, when the request names one: it tells the model's price. */
  readonly provider?: string | undefined;
  /** How often what is left is expected to be sent, this time included; 1 unless said otherwise. */
  readonly turns?: number | undefined;
  /** What the vendor is expected to have cached as it stands: old messages, unchanged since the last request. */
  readonly cached?: { readonly itemIds: ReadonlySet<string>; readonly tokensAfter: number } | undefined;
  /** Only these strategies. */
  readonly strategies?: readonly string[] | undefined;
  /** Who may fetch back what is removed; without one, nothing refers to an archive. */
  readonly archiveScope?: ArchiveScope | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What an earlier delivery of the request has paid for. */
  readonly paidAnswers?: PaidAnswers | undefined;
  /** Hears of each call of a model that helps, also when the compression fails afterwards. */
  readonly onModelCall?: ((call: ModelCall) => void) | undefined;
}

export interface CompressionResult extends PlanOutcome {
  readonly rawTokens: number;
  readonly optimizedTokens: number;
  /** The originals of what is removed, for the archive; undefined when nothing is removed or the request has no archive scope. */
  readonly bundle: ArchiveBundle | undefined;
  /** The last line of the text, which refers to the bundle; empty where there is none. It belongs to no piece. */
  readonly referenceLine: string;
  /** What models that helped were paid. */
  readonly modelCalls: readonly ModelCall[];
}

export interface Compressor {
  /** @throws NocpError UNKNOWN_STRATEGY, STRATEGY_NOT_CONFIGURED. A strategy that fails leaves its items raw, and a warning. */
  compress(request: CompressionRequest): Promise<CompressionResult>;
}

export interface CompressorDependencies {
  readonly strategies: readonly CompressionStrategy[];
  /** The counter of a model; without a name, of the default one. */
  readonly counterFor: (model: string | undefined) => TokenCounter;
  readonly rules?: BudgetRules;
  /** The prices of the model that will read the context; tokens are weighed where none are given. */
  readonly pricesFor?: (model: string | undefined, provider: string | undefined, inputTokens: number) => TargetPrices;
  /** Models that may help to compress. */
  readonly services?: ModelServices;
  readonly priceOfCall?: PriceOfCall;
  /** Milliseconds; only differences count. */
  readonly now?: () => number;
}

export interface TargetPrices {
  readonly model: string;
  readonly prices: InputPrices;
}

/** Rounds of shrinking when the whole text takes more tokens than its pieces. */
const maxRounds = 4;
/** A round gives back more than it was over by, so that the next one is the last. */
const shrinkFactor = 1.5;

/** What failed will fail again; what a model refused, others can do. */
const mayShrink = ({ groups }: CompressionPlan, warnings: readonly Warning[]): boolean =>
  warnings.length === 0 ||
  (warnings.every(({ code }) => code === "COMPRESSION_REFUSED") &&
    groups.every(({ strategies }) => strategies.some(({ requires }) => requires === undefined)));

/** A model is not paid a second time for a few tokens less, where anything else can do the work. */
const withoutHelpers = (plan: CompressionPlan): CompressionPlan => ({
  ...plan,
  groups: plan.groups.map((group) => {
    const free = group.strategies.filter(({ requires }) => requires === undefined);
    return free.length === 0 ? group : { ...group, strategies: free };
  }),
});

const budgetExceeded = (tokens: number, limitTokens: number): Warning =>
  warningOf("BUDGET_EXCEEDED", `the context takes ${tokens} tokens of ${limitTokens}: the rest could not be compressed`);

export function createCompressor(dependencies: CompressorDependencies): Compressor {
  const { strategies, counterFor, rules = defaultBudgetRules, services = {} } = dependencies;
  const { priceOfCall = () => null, now = () => performance.now() } = dependencies;
  return {
    async compress(request) {
      const chosen = chooseStrategies(strategies, request.strategies, services);
      const counter = counterFor(request.model);
      const items = request.mode === "auto" ? measureReadable(request.items, counter) : measureItems(request.items, counter);
      const rawTokens = sumTokens(items);
      const limitTokens = limitWithRetrieved(request, items);
      if (request.mode === "off" || (limitTokens === undefined && isSmall(items, rawTokens, rules))) {
        return rawResult(items, rawTokens);
      }
      if (limitTokens !== undefined && rawTokens <= limitTokens) {
        const raw = rawResult(items, rawTokens);
        if (isWithin(request.maxTokens, raw, counter)) return raw;
      }
      const reserved = request.archiveScope ? reservedTokens(limitTokens, counter) : 0;
      const budgetTokens = (limitTokens ?? rawTokens) - reserved;
      const contentTokens = limitTokens === undefined ? undefined : budgetTokens;
      const usable = leaveRetrieved(chosen, items, request);
      const metered = meterServices(services, priceOfCall, now, request.paidAnswers, request.onModelCall);
      const economics = economicsOf(request, dependencies, rawTokens);
      const preparation = await prepareItems({
        items,
        strategies: usable,
        named: new Set(request.strategies),
        query: request.query,
        counter,
        economics: { ...economics, isCached: cachedOrOlderRound(items, economics) },
        metered,
        limitTokens: contentTokens,
        isSizeGiven: limitTokens !== undefined || request.recallFloor !== undefined,
        expectedTokens: (some) => expectedTokens(some, rules),
        signal: request.signal,
      });
      const { query, recallFloor, signal } = request;
      const work: PlanWork = { original: items, preparation, query, recallFloor, signal, counter, rules, metered, economics };
      const plan = planCompression({
        items: preparation.items,
        strategies: usable.filter(({ phase }) => phase !== "prepare"),
        query: request.query,
        counter,
        budgetTokens,
        ...(limitTokens === undefined ? separately(preparation, rules, economics) : { settled: preparation.settled }),
      });
      const refer = ({ removed, text }: PlanOutcome, hasLine: boolean): ReferringText =>
        archiveRemoved({ removed, text, hasLine, scope: request.archiveScope, counter });
      const hasLine = limitTokens === undefined || reserved > 0;
      let target = budgetTokens;
      let outcome = await runPlan(plan, work, contentTokens);
      let referring = refer(outcome, hasLine);
      const excess = () => (limitTokens === undefined ? 0 : referring.tokens - limitTokens);
      const refusals: Warning[] = [];
      for (let round = 1; round < maxRounds && excess() > 0 && mayShrink(plan, outcome.warnings); round++) {
        refusals.push(...outcome.warnings);
        target = Math.max(0, Math.floor(target - excess() * shrinkFactor - 1));
        outcome = await runPlan(withoutHelpers(plan), work, target);
        referring = refer(outcome, hasLine);
      }
      if (excess() > 0) referring = refer(outcome, false);
      const warnings = [...refusals, ...outcome.warnings];
      if (limitTokens !== undefined && excess() > 0) warnings.push(budgetExceeded(referring.tokens, limitTokens));
      const { tokens: optimizedTokens, ...rest } = referring;
      return { ...outcome, ...rest, rawTokens, optimizedTokens, warnings, modelCalls: metered.calls };
    },
  };
}

function economicsOf(request: CompressionRequest, { pricesFor }: CompressorDependencies, rawTokens: number): Economics {
  const { model, prices } = pricesFor?.(request.model, request.provider, rawTokens) ?? {
    model: request.model ?? "the model",
    prices: tokensAsPrices,
  };
  const { itemIds, tokensAfter } = request.cached ?? { itemIds: new Set<string>(), tokensAfter: 0 };
  return { model, prices, turns: request.turns ?? 1, isCached: ({ id }) => itemIds.has(id), cachedTokensAfter: tokensAfter };
}

/** What the model asked for in earlier rounds of this request was sent before, and stands where it stood. */
function cachedOrOlderRound(items: readonly MeasuredItem[], { isCached }: Economics): Economics["isCached"] {
  const roundOf = (item: ContextItem) => (item.kind === "tool" ? (item.round ?? 0) : 0);
  const lastRound = items.reduce((last, { item }) => Math.max(last, roundOf(item)), 0);
  return (item) => isCached(item) || (roundOf(item) > 0 && roundOf(item) < lastRound);
}

/** Whether the joined text keeps to a limit of tokens: what stands between items costs up to a token each. */
function isWithin(maxTokens: number | undefined, { text, rawTokens, pieces }: CompressionResult, counter: TokenCounter): boolean {
  return maxTokens === undefined || rawTokens + pieces.length <= maxTokens || counter.count(text) <= maxTokens;
}

function rawResult(items: readonly MeasuredItem[], rawTokens: number): CompressionResult {
  const pieces = items.map(rawPiece);
  const text = joinPieces(items, pieces);
  const nothingRemoved = { strategies: [], removed: [], bundle: undefined, referenceLine: "", warnings: [], modelCalls: [] };
  return { text, rawTokens, optimizedTokens: rawTokens, pieces, ...nothingRemoved };
}
