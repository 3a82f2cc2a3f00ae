// The first phase: strategies that take away what is lost cheaply, over all their items at once, before anything is cut to size.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { Worth } from "./calculus.ts";
import type { CompressedPiece, CompressionInput, CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { type Economics, reportedWorth, weigh } from "./economics.ts";
import type { MeteredServices } from "./model-services.ts";
import { sumTokens } from "./plan-compression.ts";
import { failureOf, noStrategy } from "./run-group.ts";

export interface PreparationInput {
  readonly items: readonly MeasuredItem[];
  readonly strategies: readonly CompressionStrategy[];
  /** Strategies that the request names. */
  readonly named: ReadonlySet<string>;
  readonly query: string;
  readonly counter: TokenCounter;
  readonly economics: Economics;
  readonly metered: MeteredServices;
  /** Tokens all items together may take; undefined when the request names no size. */
  readonly limitTokens: number | undefined;
  /** The caller named a size or a floor of recall. */
  readonly isSizeGiven: boolean;
  /** What would be left of these items without preparation, where the request names no size. */
  readonly expectedTokens: (items: readonly MeasuredItem[]) => number;
  readonly signal: AbortSignal | undefined;
}

export interface Preparation {
  /** The items as they are now, in their order. */
  readonly items: readonly MeasuredItem[];
  /** Positions that are finished. */
  readonly settled: ReadonlySet<number>;
  /** Positions of which something went. */
  readonly reduced: ReadonlySet<number>;
  readonly reports: readonly StrategyReport[];
  readonly warnings: readonly Warning[];
}

export async function prepareItems(input: PreparationInput): Promise<Preparation> {
  const items = [...input.items];
  const settled = new Set<number>();
  const reduced = new Set<number>();
  const reports: StrategyReport[] = [];
  const warnings: Warning[] = [];
  for (const strategy of input.strategies.filter(({ phase }) => phase === "prepare")) {
    const positions = items.flatMap(({ item }, at) => (!settled.has(at) && mayTake(strategy, item, input) ? [at] : []));
    if (positions.length === 0) continue;
    const work = workOf(input, items, positions);
    const callsBefore = input.metered.calls.length;
    try {
      const { pieces, justification } = await strategy.compress(work);
      const report = { itemIds: work.items.map(({ item }) => item.id), before: sumTokens(work.items), after: sumTokens(pieces) };
      if (report.after >= report.before) continue;
      const worth = worthOfPieces(strategy, pieces, work, positions, items, input, callsBefore);
      if (!input.isSizeGiven && worth.net <= 0) {
        const why = `${strategy.name} does not pay: ${worth.text}`;
        reports.push({
          ...report,
          strategy: noStrategy,
          after: report.before,
          justification: why,
          worth: reportedWorth(worth),
        });
        continue;
      }
      reports.push({
        ...report,
        strategy: strategy.name,
        justification: `${justification}; ${worth.text}`,
        worth: reportedWorth(worth),
      });
      positions.forEach((position, at) => {
        const piece = pieces[at] as CompressedPiece;
        const before = items[position] as MeasuredItem;
        if (piece.text === before.text) return;
        reduced.add(position);
        if (piece.item === undefined) settled.add(position);
        items[position] = { item: piece.item ?? before.item, text: piece.text, tokens: piece.tokens };
      });
    } catch (error) {
      input.signal?.throwIfAborted();
      warnings.push(failureOf(strategy.name, positions.length, error));
    }
  }
  return { items, settled, reduced, reports, warnings };
}

function workOf(input: PreparationInput, items: readonly MeasuredItem[], positions: readonly number[]): CompressionInput {
  const own = positions.map((position) => items[position] as MeasuredItem);
  const ratio = input.limitTokens === undefined ? 1 : Math.min(1, input.limitTokens / Math.max(1, sumTokens(items)));
  return {
    items: own,
    query: input.query,
    budgetTokens: Math.floor(sumTokens(own) * ratio),
    counter: input.counter,
    services: input.metered.services,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  };
}

/**
 * What a strategy that does not know the question may take away from: repetitions anywhere. What may be needed, only in
 * rounds of the model's own calls, and where neither a size nor a floor of recall is given: those are better served by strategies that
 * know the question. On 76 conversations of tau-bench at .3 of the tokens, masking old results before the selection kept what
 * the next call needs in .80 of them, the selection alone in .97.
 */
function mayTake(strategy: CompressionStrategy, item: ContextItem, input: PreparationInput): boolean {
  if (!strategy.takes(item)) return false;
  if (strategy.isHarmless === true || input.named.has(strategy.name)) return true;
  return !input.isSizeGiven && item.kind === "tool" && item.round !== undefined;
}

function worthOfPieces(
  strategy: CompressionStrategy,
  pieces: readonly CompressedPiece[],
  work: CompressionInput,
  positions: readonly number[],
  all: readonly MeasuredItem[],
  input: PreparationInput,
  callsBefore: number,
): Worth {
  const before = sumTokens(work.items);
  const after = sumTokens(pieces);
  const expected = input.limitTokens === undefined ? input.expectedTokens(work.items) : before;
  return weigh(input.economics, {
    all,
    positions,
    pieces,
    beforeTokens: expected,
    afterTokens: (after * expected) / Math.max(1, before),
    expectedRecall: strategy.estimate(work).expectedRecall,
    calls: input.metered.calls.slice(callsBefore),
  });
}
