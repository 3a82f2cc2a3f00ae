// Whether a compression pays: the price of the tokens saved, against all that saving them costs.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import { costOfCalls, type ModelCall } from "./model-services.ts";

/** The price of one input token of the model that will read the context: US dollars, or tokens where no price is known. */
export interface InputPrices {
  readonly unit: "usd" | "tokens";
  readonly uncached: number;
  /** Of a token in a prefix that the vendor has cached; the same as `uncached` where nothing is cached by itself. */
  readonly cached: number;
}

/** Without a price, tokens are weighed: a cached one as a tenth, as most vendors charge it. */
export const tokensAsPrices: InputPrices = { unit: "tokens", uncached: 1, cached: 0.1 };

/** The items stand in a prefix that the vendor has cached: rewriting them loses the cache from there on. */
export interface CachedPrefix {
  /** Tokens from the first rewritten item to the end of the prefix: what the vendor reads anew. */
  readonly rereadTokens: number;
}

export interface CostInput {
  readonly beforeTokens: number;
  readonly afterTokens: number;
  readonly prices: InputPrices;
  /** Whose prices they are. */
  readonly model: string;
  /** Of these tokens, those that would be sent otherwise, where what comes later takes some of them anyway; all unless given. */
  readonly sentTokens?: number | undefined;
  /** How often what is left will be sent, this time included: 1 for a plain request. */
  readonly turns: number;
  /** Undefined: the items are new to the vendor. */
  readonly cachedPrefix?: CachedPrefix | undefined;
  /** Expected share of what the answer needs that is kept; the rest is fetched back at the price of the whole. */
  readonly expectedRecall: number;
  /** What models that helped to compress cost in US dollars: 0 when none did, `null` when their price is unknown. */
  readonly helpersUsd: number | null;
}

/** The parts are in `unit`; `net` = saved − lostCache − helpers − fetchBack. */
export interface Worth {
  readonly unit: "usd" | "tokens";
  readonly savedTokens: number;
  readonly saved: number;
  readonly lostCache: number;
  /** Not counted (0) in tokens, and where the helper's price is unknown. */
  readonly helpers: number;
  readonly fetchBack: number;
  readonly net: number;
  /** All of it as one sentence, e.g. `saves 8,120 of 11,900 tokens = $0.0203 at gpt-4o uncached; …; net $0.0197`. */
  readonly text: string;
}

/**
 * saved = s · (N − N′) · (p + (turns − 1) · c), with s the share of the tokens that would be sent otherwise, and p the price
 * of this sending: uncached, or cached for a cached prefix.
 * lostCache = tokens that a rewrite makes the vendor read anew · (uncached − cached).
 * fetchBack = (1 − recall) · s · N · uncached.
 * @returns the parts, their sum and a sentence; a compression pays when `net` is above 0.
 */
export function worthOf(input: CostInput): Worth {
  const { beforeTokens, afterTokens, sentTokens = beforeTokens, prices, turns, cachedPrefix, helpersUsd } = input;
  const { unit, uncached, cached } = prices;
  const savedTokens = beforeTokens - afterTokens;
  const sentShare = sentTokens / Math.max(1, beforeTokens);
  const countedTokens = savedTokens * sentShare;
  const first = cachedPrefix ? cached : uncached;
  const saved = countedTokens * (first + (turns - 1) * cached);
  const lostCache = cachedPrefix ? cachedPrefix.rereadTokens * (uncached - cached) : 0;
  const helpers = unit === "usd" ? (helpersUsd ?? 0) : 0;
  const lostShare = 1 - input.expectedRecall;
  const fetchBack = lostShare * sentTokens * uncached;
  const net = saved - lostCache - helpers - fetchBack;
  const amount = unit === "usd" ? formatUsd : (tokens: number) => `${formatCount(tokens)} tokens`;
  const counted = sentTokens < beforeTokens ? `, of which ${formatCount(countedTokens)} would be sent otherwise` : "";
  const parts = [
    `saves ${formatCount(savedTokens)} of ${formatCount(beforeTokens)} tokens${counted} = ${amount(saved)} ${basisOf(input)}`,
    ...(cachedPrefix ? [`lost cache ${amount(lostCache)}`] : []),
    ...helperParts(helpersUsd, unit),
    ...(lostShare > 0 ? [`fetch back ${formatPercent(lostShare)} = ${amount(fetchBack)}`] : []),
    `net ${amount(net)}`,
  ];
  return { unit, savedTokens, saved, lostCache, helpers, fetchBack, net, text: parts.join("; ") };
}

function basisOf({ prices, model, turns, cachedPrefix }: CostInput): string {
  const times = turns === 1 ? "" : ` over ${turns} sendings`;
  const state = cachedPrefix ? "cached" : "uncached";
  return prices.unit === "usd" ? `at ${model} ${state}${times}` : `${state}${times}, no price known for ${model}`;
}

function helperParts(helpersUsd: number | null, unit: InputPrices["unit"]): string[] {
  if (helpersUsd === 0) return [];
  if (helpersUsd === null) return ["helping model of unknown price, not counted"];
  return [`helping model ${formatUsd(helpersUsd)}${unit === "usd" ? "" : ", not counted"}`];
}

/** What the cost model knows of a request: prices, sendings, and what the vendor has cached. */
export interface CostBasis {
  readonly model: string;
  readonly prices: InputPrices;
  /** How often what is left is expected to be sent, this time included. */
  readonly turns: number;
  /** Whether the vendor is expected to have the item cached, as it stands. */
  readonly isCached: (item: ContextItem) => boolean;
  /** Cached tokens behind the last cached item. */
  readonly cachedTokensAfter: number;
}

export interface OutcomeToWeigh {
  /** All items of the request, in order. */
  readonly all: readonly MeasuredItem[];
  readonly positions: readonly number[];
  /** One for each position. */
  readonly pieces: readonly CompressedPiece[];
  readonly beforeTokens: number;
  readonly afterTokens: number;
  /** Of `beforeTokens`, what would be sent of these items otherwise; all unless given. */
  readonly sentTokens?: number | undefined;
  readonly expectedRecall: number;
  readonly calls: readonly ModelCall[];
}

/** What an outcome is worth at the model that will read it. */
export function worthOfOutcome(basis: CostBasis, outcome: OutcomeToWeigh): Worth {
  const { model, prices, turns } = basis;
  return worthOf({
    beforeTokens: outcome.beforeTokens,
    afterTokens: outcome.afterTokens,
    sentTokens: outcome.sentTokens,
    expectedRecall: outcome.expectedRecall,
    model,
    prices,
    turns,
    cachedPrefix: cachedPrefixOf(basis, outcome),
    helpersUsd: outcome.calls.length === 0 ? 0 : costOfCalls(outcome.calls),
  });
}

/** From the first cached item that is rewritten, all cached tokens are read anew. */
function cachedPrefixOf({ isCached, cachedTokensAfter }: CostBasis, { all, positions, pieces }: OutcomeToWeigh) {
  const textAt = new Map(positions.map((position, at) => [position, pieces[at] as CompressedPiece]));
  let rereadTokens = 0;
  let isRewritten = false;
  all.forEach((measured, position) => {
    if (!isCached(measured.item)) return;
    const piece = textAt.get(position);
    if (piece && piece.text !== measured.text) isRewritten = true;
    if (isRewritten) rereadTokens += piece?.tokens ?? measured.tokens;
  });
  return isRewritten ? { rereadTokens: rereadTokens + cachedTokensAfter } : undefined;
}

/** The parts of a worth that a report carries, without its sentence. */
export const reportedWorth = ({ unit, saved, lostCache, helpers, fetchBack, net }: Worth) => ({
  unit,
  saved,
  lostCache,
  helpers,
  fetchBack,
  net,
});

/** `$0.0203`: three significant digits, never an exponent. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd);
  if (size === 0) return "$0";
  const digits = Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(size))));
  return `${usd < 0 ? "-" : ""}$${size.toFixed(digits)}`;
}

/** `11,900` */
export const formatCount = (count: number): string => Math.round(count).toLocaleString("en-US");

/** `12.5 %` */
export const formatPercent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
