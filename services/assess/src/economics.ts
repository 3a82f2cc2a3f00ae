// The numbers of a request that the calculus needs: prices, sendings, and what the vendor has cached.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { type InputPrices, type Worth, worthOf } from "./calculus.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import type { ModelCall } from "./model-services.ts";
import { costOfCalls } from "./model-services.ts";

export interface Economics {
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
  /** What would be sent of these items otherwise. */
  readonly beforeTokens: number;
  readonly afterTokens: number;
  readonly expectedRecall: number;
  readonly calls: readonly ModelCall[];
}

/** What an outcome is worth at the model that will read it. */
export function weigh(economics: Economics, outcome: OutcomeToWeigh): Worth {
  const { model, prices, turns } = economics;
  return worthOf({
    beforeTokens: outcome.beforeTokens,
    afterTokens: outcome.afterTokens,
    expectedRecall: outcome.expectedRecall,
    model,
    prices,
    turns,
    cachedPrefix: cachedPrefixOf(economics, outcome),
    helpersUsd: outcome.calls.length === 0 ? 0 : costOfCalls(outcome.calls),
  });
}

/** From the first cached item that is rewritten, all cached tokens are read anew. */
function cachedPrefixOf({ isCached, cachedTokensAfter }: Economics, { all, positions, pieces }: OutcomeToWeigh) {
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
