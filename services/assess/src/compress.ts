// The compressor: measures items, plans, runs the strategies, and keeps the raw text where compressing does not pay.

import type { Removal, Warning } from "@nocp/contracts/accounting.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ModelPricing } from "@nocp/models/prices/model-prices.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { archiveRemoved, type ReferringText } from "./archive-removed.ts";
import { type BudgetRules, defaultBudgetRules } from "./budget.ts";
import type { CallGuard } from "./call-guard.ts";
import { chooseStrategies } from "./choose-strategies.ts";
import { type CompressionWork, leaveRetrieved, type PlanRequest, planCompression } from "./compression-plan.ts";
import type { CompressionStrategy, MeasuredItem, WrittenUnits } from "./compression-strategy.ts";
import { type CostBasis, type InputPrices, tokensAsPrices } from "./cost-model.ts";
import { groupItems, type ItemGroups } from "./group-items.ts";
import { listRemovals } from "./list-removals.ts";
import { joinTexts, measureItems, measureReadable, sumTokens } from "./measure-items.ts";
import { type MeteredServices, meterServices, type PaidCalls } from "./meter-services.ts";
import type { ModelCall, ModelServices, PriceOfCall } from "./model-services.ts";
import { type Preparation, prepareItems } from "./prepare-items.ts";
import { type CompressionOutcome, rawPiece, runGroups } from "./run-groups.ts";
import { type StrippedCodes, strippedCodes, tokensAsTheyCame, worthStripping } from "./terminal-codes.ts";
import { loadGrammars } from "./text/load-grammars.ts";
import { writeItemsLossless } from "./write-items-lossless.ts";

export interface CompressionRequest extends PlanRequest {
  readonly query: string;
  readonly items: readonly ContextItem[];
  readonly model?: string | undefined;
  /** The route's, when the request names one: it tells the model's price. */
  readonly provider?: string | undefined;
  /** The model's, where the settings have one. */
  readonly pricing?: ModelPricing | undefined;
  /** How often what is left is expected to be sent, this time included; 1 unless said otherwise. */
  readonly turns?: number | undefined;
  /** What the vendor is expected to have cached as it stands: old messages, unchanged since the last request. */
  readonly cached?: { readonly itemIds: ReadonlySet<string>; readonly tokensAfter: number } | undefined;
  /** Only these strategies. */
  readonly strategies?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What an earlier delivery of the request has paid for. */
  readonly paidCalls?: PaidCalls | undefined;
  /** Asked before a model that helps is called. */
  readonly callGuard?: CallGuard | undefined;
  /** Whether the result is to list what was removed. */
  readonly explain?: boolean | undefined;
  /** Whether the pieces are to say what they hold of an item, so that a later question need not send it again. */
  readonly listsUnits?: boolean | undefined;
  /** How many questions were asked about these items, this one included, where further ones are expected; 0 unless given. */
  readonly questions?: number | undefined;
  /** A prompt that goes on, and is not to be cut below what the vendor caches. */
  readonly cacheable?: CacheablePrompt | undefined;
  /** One for each item, where the prompt holds something of it already, from earlier questions. */
  readonly written?: readonly (WrittenUnits | undefined)[] | undefined;
  /** Whose archive is to keep binary data in mode lossless, with references in their place; undefined: they stay in the text. */
  readonly payloadTenant?: string | undefined;
  /** Hears of each call of a model that helps, also when the compression fails afterwards. */
  readonly onModelCall?: ((call: ModelCall) => void) | undefined;
}

export interface CacheablePrompt {
  /** Shorter beginnings are not cached. */
  readonly leastTokens: number;
  /** Of the prompt, without its items. */
  readonly otherTokens: number;
  /** What a cached token costs, as a share of one that is not. */
  readonly readShare: number;
}

/** What is kept of a budget falls short of it a little, and vendors count otherwise. */
const cacheableMargin = 1.15;
/** A selection by itself, as a share of the items. */
const usualShare = 0.35;

/**
 * The share of the items to keep so that the prompt can be cached: where it can be as it came, and reading that much from the
 * cache costs less than half of a selection for each question.
 */
function leastShareOf(cacheable: CacheablePrompt | undefined, rawTokens: number): number {
  if (cacheable === undefined || rawTokens === 0) return 0;
  const { leastTokens, otherTokens, readShare } = cacheable;
  const least = Math.max(0, leastTokens * cacheableMargin - otherTokens);
  const isCacheable = rawTokens + otherTokens >= leastTokens;
  return isCacheable && readShare * least <= (usualShare * rawTokens) / 2 ? Math.min(1, least / rawTokens) : 0;
}

export interface CompressionResult extends CompressionOutcome {
  readonly rawTokens: number;
  readonly optimizedTokens: number;
  /** The originals of what is removed, for the archive; undefined when nothing is removed or the request has no archive scope. */
  readonly bundle: ArchiveBundle | undefined;
  /** The last line of the text, which refers to the bundle; empty where there is none. It belongs to no piece. */
  readonly referenceLine: string;
  /** Binary data that references in the text stand for. */
  readonly payloads: readonly ArchiveBundle[];
  /** What was removed from which item, where that is asked for and anything was. */
  readonly removals?: readonly Removal[];
  /** What models that helped were paid. */
  readonly modelCalls: readonly ModelCall[];
}

/** What a prompt is built of; the rest explains it. */
export type CompressedContext = Omit<CompressionResult, "text" | "removed" | "modelCalls">;

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
  readonly pricesFor?: (
    model: string | undefined,
    provider: string | undefined,
    inputTokens: number,
    own: ModelPricing | undefined,
  ) => TargetPrices;
  /** Models that may help to compress. */
  readonly services?: ModelServices;
  readonly priceOfCall?: PriceOfCall;
  /** The services of one request; those above, unless somebody else keeps their bill. */
  readonly meterFor?: (request: CompressionRequest) => MeteredServices;
  /** Milliseconds; only differences count. */
  readonly now?: () => number;
}

export interface TargetPrices {
  readonly model: string;
  readonly prices: InputPrices;
}

export function createCompressor(dependencies: CompressorDependencies): Compressor {
  const { strategies, counterFor, rules = defaultBudgetRules } = dependencies;
  const { meterFor = createMeter(dependencies) } = dependencies;
  return {
    async compress(request) {
      const metered = meterFor(request);
      const chosen = chooseStrategies(strategies, request.strategies, metered.services);
      const counter = counterFor(request.model);
      const items = measured(request, counter);
      await loadGrammars(items);
      const rawTokens = tokensAsTheyCame(items);
      const stripped = strippedCodes(items);
      const plan = planCompression(request, items, rules, counter);
      if (plan.kind === "raw") return rawResult(items, stripped, request, counter);
      if (plan.kind === "lossless") return losslessResult(items, rawTokens, request.payloadTenant, plan.limitTokens, counter);
      const { query, signal } = request;
      const { explain = false, listsUnits = false, questions = 0 } = request;
      const costs = costsOf(request, rawTokens, dependencies);
      const { leastTokens = 0, otherTokens = 0 } = request.cacheable ?? {};
      const leastCached = Math.max(0, leastTokens - otherTokens);
      const layout = { listsUnits, questions, leastCached, leastShare: leastShareOf(request.cacheable, rawTokens) };
      const work = { plan, query, counter, rules, costs, metered, signal, explain, ...layout };
      const usable = leaveRetrieved(chosen, items, request);
      const prepared = await prepareItems(items, usable, new Set(request.strategies), {
        ...work,
        costs: withOlderRounds(work.costs, items),
      });
      const preparation = withStripped(prepared, stripped);
      const fitting = usable.filter(({ phase }) => phase !== "prepare");
      const groups = groupItems(preparation.items, fitting, preparation.settled, work);
      const fitted = await fitToPlan({ groups, items, preparation, scope: request.archiveScope }, work);
      const { tokens: optimizedTokens, ...referring } = fitted.referring;
      const { outcome, warnings } = fitted;
      const { pieces, strategies: reports } = outcome;
      const list = () => listRemovals({ items, pieces, reduced: preparation.reduced, reports, bundle: referring.bundle });
      const removals = explain ? { removals: list() } : {};
      const counted = { rawTokens, optimizedTokens, warnings, modelCalls: metered.calls };
      return { ...outcome, ...referring, ...counted, payloads: [], ...removals };
    },
  };
}

type MeterDependencies = Pick<CompressorDependencies, "services" | "priceOfCall" | "now">;

export const createMeter =
  ({ services = {}, priceOfCall = () => null, now = () => performance.now() }: MeterDependencies) =>
  ({ paidCalls: paid, onModelCall: onCall, callGuard: guard }: CompressionRequest): MeteredServices =>
    meterServices(services, priceOfCall, now, { paid, onCall, guard });

function measured({ mode, items, query, written }: CompressionRequest, counter: TokenCounter): readonly MeasuredItem[] {
  const all = mode === "auto" ? worthStripping(measureReadable(items, query, counter)) : measureItems(items, counter);
  return written === undefined ? all : all.map((item, at) => (written[at] ? { ...item, written: written[at] } : item));
}

/** Text that went with codes for terminals is as much gone as what strategies take away. */
function withStripped(prepared: Preparation, stripped: StrippedCodes): Preparation {
  const reduced = new Map(stripped.reduced);
  for (const [at, reduction] of prepared.reduced) {
    reduced.set(at, { ...reduction, parts: [...(reduced.get(at)?.parts ?? []), ...reduction.parts] });
  }
  return { ...prepared, reduced, reports: [...stripped.reports, ...prepared.reports] };
}

/** Rounds of shrinking when the whole text takes more tokens than its pieces. */
const maxRounds = 4;
/** A round gives back more than it was over by, so that the next one is the last. */
const shrinkFactor = 1.5;

interface GroupedItems {
  readonly groups: ItemGroups;
  readonly items: readonly MeasuredItem[];
  readonly preparation: Preparation;
  readonly scope: ArchiveScope | undefined;
}

interface FittedOutcome {
  readonly outcome: CompressionOutcome;
  readonly referring: ReferringText;
  readonly warnings: readonly Warning[];
}

/** Runs the groups, and where a limit is given, runs them again with less until the text keeps to it. */
async function fitToPlan({ groups, items, preparation, scope }: GroupedItems, work: CompressionWork): Promise<FittedOutcome> {
  const { plan, counter } = work;
  const refer = ({ removed, text }: CompressionOutcome, hasLine: boolean) =>
    archiveRemoved({ removed, text, hasLine, scope, counter });
  let outcome = await runGroups(groups, items, preparation, work);
  if (plan.kind !== "fit") return { outcome, referring: refer(outcome, true), warnings: outcome.warnings };

  const { limitTokens } = plan;
  const hasLine = plan.contentTokens < limitTokens;
  let { contentTokens } = plan;
  let referring = refer(outcome, hasLine);
  const refusals: Warning[] = [];
  for (let round = 1; round < maxRounds && referring.tokens > limitTokens && mayShrink(groups, outcome.warnings); round++) {
    refusals.push(...outcome.warnings);
    contentTokens = Math.max(0, Math.floor(contentTokens - (referring.tokens - limitTokens) * shrinkFactor - 1));
    outcome = await runGroups(withoutHelpers(groups), items, preparation, { ...work, plan: { ...plan, contentTokens } });
    referring = refer(outcome, hasLine);
  }
  if (referring.tokens > limitTokens) referring = refer(outcome, false);
  const warnings = [...refusals, ...outcome.warnings];
  if (referring.tokens > limitTokens) warnings.push(budgetExceeded(referring.tokens, limitTokens));
  return { outcome, referring, warnings };
}

/** What failed will fail again; what a model refused, others can do. */
const mayShrink = ({ groups }: ItemGroups, warnings: readonly Warning[]): boolean =>
  warnings.length === 0 ||
  (warnings.every(({ code }) => code === "COMPRESSION_REFUSED") &&
    groups.every(({ strategies }) => strategies.some(({ requires }) => requires === undefined)));

/** A model is not paid a second time for a few tokens less, where anything else can do the work. */
const withoutHelpers = (all: ItemGroups): ItemGroups => ({
  ...all,
  groups: all.groups.map((group) => {
    const free = group.strategies.filter(({ requires }) => requires === undefined);
    return free.length === 0 ? group : { ...group, strategies: free };
  }),
});

const budgetExceeded = (tokens: number, limitTokens: number): Warning =>
  warningOf(
    "BUDGET_EXCEEDED",
    `the context takes ${tokens} tokens, but the limit is ${limitTokens}: the rest could not be compressed`,
  );

function costsOf(request: CompressionRequest, rawTokens: number, { pricesFor }: CompressorDependencies): CostBasis {
  const { model, prices } = pricesFor?.(request.model, request.provider, rawTokens, request.pricing) ?? {
    model: request.model ?? "the model",
    prices: tokensAsPrices,
  };
  const { itemIds, tokensAfter } = request.cached ?? { itemIds: new Set<string>(), tokensAfter: 0 };
  return { model, prices, turns: request.turns ?? 1, isCached: ({ id }) => itemIds.has(id), cachedTokensAfter: tokensAfter };
}

/** What the model asked for in earlier rounds of this request was sent before, and stands where it stood. */
function withOlderRounds(costs: CostBasis, items: readonly MeasuredItem[]): CostBasis {
  const lastRound = items.reduce((last, { item }) => Math.max(last, roundOf(item)), 0);
  const isOlderRound = (item: ContextItem) => roundOf(item) > 0 && roundOf(item) < lastRound;
  return { ...costs, isCached: (item) => costs.isCached(item) || isOlderRound(item) };
}

const roundOf = (item: ContextItem): number => (item.kind === "tool" ? (item.round ?? 0) : 0);

/** Nothing is removed, so nothing but binary data is archived; a limit that this does not reach is a warning. */
function losslessResult(
  items: readonly MeasuredItem[],
  rawTokens: number,
  payloadTenant: string | undefined,
  limitTokens: number | undefined,
  counter: TokenCounter,
): CompressionResult {
  const { pieces, reports, payloads } = writeItemsLossless(items, counter, payloadTenant);
  const text = joinTexts(items, pieces);
  const optimizedTokens = counter.count(text);
  const isOver = limitTokens !== undefined && optimizedTokens > limitTokens;
  const nothingRemoved = { removed: [], bundle: undefined, referenceLine: "", modelCalls: [] };
  return {
    ...{ text, rawTokens, optimizedTokens, pieces, payloads, ...nothingRemoved },
    strategies: reports,
    warnings: isOver ? [budgetExceeded(optimizedTokens, limitTokens)] : [],
  };
}

/** The items as they came, but for codes that only a terminal shows. */
function rawResult(
  items: readonly MeasuredItem[],
  { reports, reduced }: StrippedCodes,
  { archiveScope: scope, explain }: CompressionRequest,
  counter: TokenCounter,
): CompressionResult {
  const pieces = items.map((item, at) => ({ ...rawPiece(item), removed: reduced.has(at) }));
  const removed = items.filter((_, at) => reduced.has(at));
  const text = joinTexts(items, pieces);
  const { tokens, ...referring } = archiveRemoved({ removed, text, hasLine: true, scope, counter });
  const optimizedTokens = removed.length === 0 ? sumTokens(items) : tokens;
  const list = () => listRemovals({ items, pieces, reduced, reports, bundle: referring.bundle });
  return {
    ...{ rawTokens: tokensAsTheyCame(items), optimizedTokens, pieces, removed, ...referring },
    ...{ strategies: reports, warnings: [], modelCalls: [], payloads: [] },
    ...(explain && removed.length > 0 ? { removals: list() } : {}),
  };
}
