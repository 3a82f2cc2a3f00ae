// Runs the strategies of one group of items until one succeeds; the raw items are what is left when none does, or none pays.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { formatPercent, type Worth } from "./calculus.ts";
import {
  type CompressedPiece,
  type CompressionInput,
  type CompressionOutput,
  CompressionRefused,
  type CompressionStrategy,
  type MeasuredItem,
} from "./compression-strategy.ts";
import { type Economics, reportedWorth, weigh } from "./economics.ts";
import type { MeteredServices } from "./model-services.ts";
import { type ItemGroup, sumTokens } from "./plan-compression.ts";

export interface GroupInput {
  readonly group: ItemGroup;
  /** All items of the request; the group's own are at its positions. */
  readonly all: readonly MeasuredItem[];
  readonly query: string;
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  readonly economics: Economics;
  /** The caller named a size or a floor of recall: it holds, whether it pays or not. */
  readonly isSizeGiven: boolean;
  /** Where no size is given, a result that saves a smaller share of the tokens is thrown away. */
  readonly minSavedShare: number;
  readonly metered: MeteredServices;
  readonly signal: AbortSignal | undefined;
}

export interface GroupOutcome {
  readonly pieces: readonly CompressedPiece[];
  readonly report: StrategyReport;
  readonly warnings: readonly Warning[];
}

export async function runGroup(input: GroupInput): Promise<GroupOutcome> {
  const { group, budgetTokens } = input;
  if (group.tokens <= budgetTokens) return rawOutcome(input, `${group.tokens} tokens fit in ${budgetTokens}`, []);
  const warnings: Warning[] = [];
  const considered: string[] = [];
  for (const strategy of group.strategies) {
    const callsBefore = input.metered.calls.length;
    try {
      const work = inputOf(input);
      const loss = expectedLoss(strategy, work, input);
      if (loss !== undefined) {
        considered.push(loss);
        continue;
      }
      const output = await strategy.compress(work);
      const after = checkedTokens(output, work);
      const savedShare = group.tokens === 0 ? 0 : 1 - after / group.tokens;
      const worth = weighOutput(strategy, output, work, input, after, callsBefore);
      const refusal = reasonAgainst(strategy.name, savedShare, worth, input);
      if (refusal !== undefined) return rawOutcome(input, refusal, warnings, worth);
      const report = {
        strategy: strategy.name,
        itemIds: work.items.map(({ item }) => item.id),
        before: group.tokens,
        after,
        justification: [...considered, `${output.justification}; ${worth.text}`].join("; "),
        worth: reportedWorth(worth),
      };
      return { pieces: output.pieces, report, warnings };
    } catch (error) {
      input.signal?.throwIfAborted();
      warnings.push(failureOf(strategy.name, group.positions.length, error));
    }
  }
  const why = considered.length > 0 ? considered.join("; ") : "every strategy failed, so the text is unchanged";
  return rawOutcome(input, why, warnings);
}

/** Why a model is not even asked: what it would cost is more than what it could save. Undefined when it may pay. */
function expectedLoss(strategy: CompressionStrategy, work: CompressionInput, input: GroupInput): string | undefined {
  const { requires } = strategy;
  if (requires === undefined || input.isSizeGiven) return undefined;
  const { tokens, expectedRecall, helperTokens = { input: 0, output: 0 } } = strategy.estimate(work);
  const worth = weigh(input.economics, {
    all: input.all,
    positions: [],
    pieces: [],
    beforeTokens: input.group.tokens,
    afterTokens: tokens,
    expectedRecall,
    calls: [input.metered.expectedCall(requires, helperTokens.input, helperTokens.output)],
  });
  return worth.net > 0 ? undefined : `${strategy.name} was not asked for, it would not pay: ${worth.text}`;
}

/** Why an outcome is thrown away; undefined when it is used. A size that the caller named is kept even at a loss. */
function reasonAgainst(name: string, savedShare: number, worth: Worth, input: GroupInput): string | undefined {
  if (savedShare <= 0) return `${name} saves nothing`;
  if (input.isSizeGiven) return undefined;
  if (savedShare < input.minSavedShare) {
    return `${name} saves only ${formatPercent(savedShare)}, less than ${formatPercent(input.minSavedShare)}`;
  }
  return worth.net > 0 ? undefined : `${name} does not pay: ${worth.text}`;
}

function inputOf({ group, all, query, budgetTokens, counter, metered, signal }: GroupInput): CompressionInput {
  return {
    items: group.positions.map((position) => all[position] as MeasuredItem),
    query,
    budgetTokens,
    counter,
    services: metered.services,
    ...(signal === undefined ? {} : { signal }),
  };
}

function weighOutput(
  strategy: CompressionStrategy,
  output: CompressionOutput,
  work: CompressionInput,
  { group, all, economics, metered }: GroupInput,
  afterTokens: number,
  callsBefore: number,
): Worth {
  return weigh(economics, {
    all,
    positions: group.positions,
    pieces: output.pieces,
    beforeTokens: group.tokens,
    afterTokens,
    expectedRecall: strategy.loss === "lossless" ? 1 : strategy.estimate(work).expectedRecall,
    calls: metered.calls.slice(callsBefore),
  });
}

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
  { group, all }: GroupInput,
  justification: string,
  warnings: readonly Warning[],
  worth?: Worth,
): GroupOutcome {
  const items = group.positions.map((position) => all[position] as MeasuredItem);
  return {
    pieces: items.map(({ item, text, tokens }) => ({ itemId: item.id, text, tokens, removed: false })),
    report: {
      strategy: noStrategy,
      itemIds: items.map(({ item }) => item.id),
      before: group.tokens,
      after: group.tokens,
      justification,
      ...(worth === undefined ? {} : { worth: reportedWorth(worth) }),
    },
    warnings,
  };
}

/** Stands in a report where a strategy's name would, when the items are kept raw. */
export const noStrategy = "none";
