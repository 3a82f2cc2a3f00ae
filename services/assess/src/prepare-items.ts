// The first phase: strategies that take away what is lost cheaply, over all their items at once, before anything is cut to size.
import type { RemovedPart, StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { expectedTokens } from "./budget.ts";
import type { ActivePlan, CompressionWork } from "./compression-plan.ts";
import type { CompressedPiece, CompressionInput, CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { reportedWorth, type Worth, worthOfOutcome } from "./cost-model.ts";
import { sumTokens } from "./measure-items.ts";
import { failureOf, inputOf, noStrategy } from "./run-group.ts";

export interface Preparation {
  /** The items as they are now, in their order. */
  readonly items: readonly MeasuredItem[];
  /** Positions that are finished. */
  readonly settled: ReadonlySet<number>;
  /** Positions that say what another item says: nothing of them is missing. */
  readonly repeated: ReadonlySet<number>;
  /** Positions of which something went, and what, where that is asked for. */
  readonly reduced: ReadonlyMap<number, ItemReduction>;
  readonly reports: readonly StrategyReport[];
  readonly warnings: readonly Warning[];
}

export interface ItemReduction {
  readonly strategy: string;
  readonly why: string;
  readonly parts: readonly RemovedPart[];
}

/** @param named strategies that the request names. */
export async function prepareItems(
  original: readonly MeasuredItem[],
  strategies: readonly CompressionStrategy[],
  named: ReadonlySet<string>,
  work: CompressionWork,
): Promise<Preparation> {
  const items = [...original];
  const settled = new Set<number>();
  const repeated = new Set<number>();
  const reduced = new Map<number, ItemReduction>();
  const reports: StrategyReport[] = [];
  const warnings: Warning[] = [];
  for (const strategy of strategies.filter(({ phase }) => phase === "prepare")) {
    const isAllowed = named.has(strategy.name) || strategy.isHarmless === true;
    const positions = items.flatMap(({ item }, at) =>
      !settled.has(at) && strategy.takes(item) && (isAllowed || isOldRound(item, work.plan)) ? [at] : [],
    );
    if (positions.length === 0) continue;
    const input = inputOf(positions, items, budgetOf(positions, items, work.plan), work);
    const callsBefore = work.metered.calls.length;
    try {
      const { pieces, justification } = await strategy.compress(input);
      const before = sumTokens(input.items);
      const after = sumTokens(pieces);
      if (after >= before) continue;
      const worth = worthOfPieces({ strategy, pieces, input, positions, items, callsBefore }, work);
      const report = { itemIds: input.items.map(({ item }) => item.id), before, worth: reportedWorth(worth) };
      if (work.plan.kind === "worthwhile" && worth.net <= 0) {
        const why = `${strategy.name} does not pay: ${worth.text}`;
        reports.push({ ...report, strategy: noStrategy, after: before, justification: why });
        continue;
      }
      reports.push({ ...report, strategy: strategy.name, after, justification: `${justification}; ${worth.text}` });
      positions.forEach((position, at) => {
        const piece = pieces[at] as CompressedPiece;
        const known = items[position] as MeasuredItem;
        if (piece.text === known.text) return;
        const parts = [...(reduced.get(position)?.parts ?? []), ...(piece.parts ?? [])];
        reduced.set(position, { strategy: strategy.name, why: justification, parts });
        if (piece.item === undefined) settled.add(position);
        if (piece.item === undefined && strategy.isHarmless) repeated.add(position);
        const { written } = known;
        items[position] = { item: piece.item ?? known.item, text: piece.text, tokens: piece.tokens, ...(written && { written }) };
      });
    } catch (error) {
      work.signal?.throwIfAborted();
      warnings.push(failureOf(strategy.name, positions.length, error));
    }
  }
  return { items, settled, repeated, reduced, reports, warnings };
}

/**
 * What a strategy that does not know the question may take away from, besides repetitions: rounds of the model's own calls,
 * where neither a size nor a floor of recall is given; those are better served by strategies that know the question. On 76
 * conversations of tau-bench at .3 of the tokens, masking old results before the selection kept what the next call needs in
 * .80 of them, the selection alone in .97.
 */
const isOldRound = (item: ContextItem, plan: ActivePlan): boolean =>
  plan.kind === "worthwhile" && item.kind === "tool" && item.round !== undefined;

/** The items' share of the size that the plan names; all they take without one. */
function budgetOf(positions: readonly number[], items: readonly MeasuredItem[], plan: ActivePlan): number {
  const own = sumTokens(positions.map((position) => items[position] as MeasuredItem));
  if (plan.kind !== "fit") return own;
  return Math.floor(own * Math.min(1, plan.contentTokens / Math.max(1, sumTokens(items))));
}

interface PreparedPieces {
  readonly strategy: CompressionStrategy;
  readonly pieces: readonly CompressedPiece[];
  readonly input: CompressionInput;
  readonly positions: readonly number[];
  readonly items: readonly MeasuredItem[];
  readonly callsBefore: number;
}

/** Without a size, only what would be left of the items anyway counts as saved. */
function worthOfPieces(
  { strategy, pieces, input, positions, items, callsBefore }: PreparedPieces,
  { plan, costs, metered, rules }: CompressionWork,
): Worth {
  return worthOfOutcome(costs, {
    all: items,
    positions,
    pieces,
    beforeTokens: sumTokens(input.items),
    afterTokens: sumTokens(pieces),
    sentTokens: plan.kind === "fit" ? undefined : expectedTokens(input.items, rules),
    expectedRecall: strategy.estimate(input).expectedRecall,
    calls: metered.calls.slice(callsBefore),
  });
}
