// Runs the strategies of one group of items until one succeeds; the raw items are what is left when none does, or none pays.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { CompressionWork } from "./compression-plan.ts";
import {
  type CompressedPiece,
  type CompressionInput,
  type CompressionOutput,
  CompressionRefused,
  type CompressionStrategy,
  type MeasuredItem,
} from "./compression-strategy.ts";
import { formatCount, formatPercent, reportedWorth, type Worth, worthOfOutcome } from "./cost-model.ts";
import type { ItemGroup } from "./group-items.ts";
import { sumTokens } from "./measure-items.ts";
import { readableBy, withWritten } from "./written-units.ts";

export interface GroupOutcome {
  readonly pieces: readonly CompressedPiece[];
  readonly report: StrategyReport;
  readonly warnings: readonly Warning[];
}

/** @param items all items of the request; the group's own are at its positions. */
export async function runGroup(
  group: ItemGroup,
  items: readonly MeasuredItem[],
  budgetTokens: number,
  work: CompressionWork,
): Promise<GroupOutcome> {
  const raw = (why: string, worth?: Worth) => rawOutcome(group, items, why, warnings, worth);
  const warnings: Warning[] = [];
  if (group.tokens <= budgetTokens) return raw(`${group.tokens} tokens fit in ${budgetTokens}`);
  const considered: string[] = [];
  for (const strategy of group.strategies) {
    const callsBefore = work.metered.calls.length;
    try {
      const input = readableBy(strategy.name, inputOf(group.positions, items, budgetTokens, work));
      const loss = expectedLoss(strategy, input, group, work);
      if (loss !== undefined) {
        considered.push(loss);
        continue;
      }
      const output = await strategy.compress(input);
      const after = checkedTokens(output, input);
      const whole = await wholeOutcome(strategy, input, after, group, work);
      if (whole) return { ...whole, warnings };
      const worth = worthOfOutcome(work.costs, {
        all: items,
        positions: group.positions,
        pieces: output.pieces,
        beforeTokens: group.tokens,
        afterTokens: after,
        expectedRecall: strategy.loss === "lossless" ? 1 : strategy.estimate(input).expectedRecall,
        calls: work.metered.calls.slice(callsBefore),
      });
      const refusal = reasonAgainst(strategy.name, 1 - after / group.tokens, worth, work);
      if (refusal !== undefined) return raw(refusal, worth);
      const report = {
        strategy: strategy.name,
        itemIds: input.items.map(({ item }) => item.id),
        before: group.tokens,
        after,
        justification: [...considered, `${output.justification}; ${worth.text}`].join("; "),
        worth: reportedWorth(worth),
      };
      return { pieces: withWritten(strategy.name, output.pieces, input), report, warnings };
    } catch (error) {
      work.signal?.throwIfAborted();
      warnings.push(failureOf(strategy.name, group.positions.length, error));
    }
  }
  return raw(considered.length > 0 ? considered.join("; ") : "every strategy failed, so the text is unchanged");
}

/** Above this share of the price, reading from the cache is too expensive for anything but what a question needs. */
const cheapReading = 0.25;

/**
 * All of the items, where further questions are expected and the strategy can write them shorter without loss, as records in
 * a table. That pays where it costs no more than this selection and another one like it, read as often as it was asked so far.
 */
async function wholeOutcome(
  strategy: CompressionStrategy,
  input: CompressionInput,
  selectedTokens: number,
  group: ItemGroup,
  { questions, rules, costs, leastCached }: CompressionWork,
): Promise<Omit<GroupOutcome, "warnings"> | undefined> {
  const readShare = costs.prices.cached / costs.prices.uncached;
  const isTried = questions > 0 && readShare <= cheapReading && strategy.requires === undefined;
  if (!isTried || input.items.some(({ item }) => item.kind !== "tool")) return undefined;
  const sentTokens = input.items.reduce((sum, { written }) => sum + (written?.tokens ?? 0), 0);
  const reading = readShare * questions;
  const mostTokens = (2 * selectedTokens + reading * (sentTokens + 2 * selectedTokens)) / (1 + reading);
  const budgetTokens = Math.floor(Math.min(mostTokens, group.tokens * (1 - rules.minSavedShare)));
  if (budgetTokens <= input.budgetTokens) return undefined;
  const { pieces } = await strategy.compress({ ...input, budgetTokens });
  if (pieces.some(({ removed, isWhole }) => removed && !isWhole)) return undefined;
  const after = sumTokens(pieces);
  // Fewer tokens than the vendor caches are paid for in full each time.
  if (after < leastCached) return undefined;
  const report = {
    ...{ strategy: strategy.name, itemIds: input.items.map(({ item }) => item.id), before: group.tokens, after },
    justification: `all of it in ${formatCount(after)} of ${formatCount(group.tokens)} tokens, so that later questions find everything; a selection for this one takes ${formatCount(selectedTokens)}`,
  };
  return { pieces, report };
}

/** Why a model is not even asked: what it would cost is more than what it could save. Undefined when it may pay. */
function expectedLoss(
  strategy: CompressionStrategy,
  input: CompressionInput,
  { tokens: beforeTokens }: ItemGroup,
  { plan, costs, metered }: CompressionWork,
): string | undefined {
  const { name, requires } = strategy;
  if (requires === undefined || plan.kind !== "worthwhile") return undefined;
  const { tokens: afterTokens, expectedRecall, helperTokens = { input: 0, output: 0 } } = strategy.estimate(input);
  const calls = [metered.expectedCall(requires, helperTokens.input, helperTokens.output)];
  const expected = { all: [], positions: [], pieces: [], beforeTokens, afterTokens, expectedRecall, calls };
  const worth = worthOfOutcome(costs, expected);
  return worth.net > 0 ? undefined : `${name} was not asked for, it would not pay: ${worth.text}`;
}

/** Why an outcome is thrown away; undefined when it is used. A size or a recall that the caller named holds even at a loss. */
function reasonAgainst(name: string, savedShare: number, worth: Worth, { plan, rules }: CompressionWork): string | undefined {
  if (savedShare <= 0) return `${name} saves nothing`;
  if (plan.kind !== "worthwhile") return undefined;
  if (savedShare < rules.minSavedShare) {
    return `${name} saves only ${formatPercent(savedShare)}, less than ${formatPercent(rules.minSavedShare)}`;
  }
  return worth.net > 0 ? undefined : `${name} does not pay: ${worth.text}`;
}

/** What a strategy works on. */
export const inputOf = (
  positions: readonly number[],
  items: readonly MeasuredItem[],
  budgetTokens: number,
  { query, counter, metered, signal, explain, listsUnits }: CompressionWork,
): CompressionInput => ({
  items: positions.map((position) => items[position] as MeasuredItem),
  query,
  budgetTokens,
  counter,
  services: metered.services,
  explain,
  listsUnits,
  ...(signal === undefined ? {} : { signal }),
});

/** @throws Error when the output is not what the contract promises. */
function checkedTokens(output: CompressionOutput, { items, budgetTokens }: CompressionInput): number {
  if (output.pieces.length !== items.length || output.pieces.some((piece, at) => piece.itemId !== items[at]?.item.id)) {
    throw new Error(`returned ${output.pieces.length} pieces for ${items.length} items, or in another order`);
  }
  const after = sumTokens(output.pieces);
  if (after > budgetTokens) throw new Error(`took ${after} tokens of a budget of ${budgetTokens}`);
  return after;
}

/** A strategy that refuses its own work has not failed; both leave the items to the next one. */
export function failureOf(strategy: string, itemCount: number, error: unknown): Warning {
  const { message } = coerceError(error);
  return error instanceof CompressionRefused
    ? warningOf("COMPRESSION_REFUSED", `${strategy} was not used: ${message}`)
    : warningOf("COMPRESSION_FAILED", `${strategy} failed on ${itemCount} of the items and was skipped: ${message}`);
}

function rawOutcome(
  { positions, tokens }: ItemGroup,
  all: readonly MeasuredItem[],
  justification: string,
  warnings: readonly Warning[],
  worth: Worth | undefined,
): GroupOutcome {
  const items = positions.map((position) => all[position] as MeasuredItem);
  const itemIds = items.map(({ item }) => item.id);
  return {
    pieces: items.map(({ item, text, tokens: own }) => ({ itemId: item.id, text, tokens: own, removed: false })),
    report: {
      ...{ strategy: noStrategy, itemIds, before: tokens, after: tokens, justification },
      ...(worth === undefined ? {} : { worth: reportedWorth(worth) }),
    },
    warnings,
  };
}

/** Stands in a report where a strategy's name would, when the items are kept raw. */
export const noStrategy = "none";
