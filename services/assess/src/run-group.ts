// Runs the strategies of one group of items until one succeeds; the raw items are what is left when none does.
import type { StrategyReport, Warning } from "@nocp/shared/contracts/accounting.ts";
import { coerceError } from "@nocp/shared/errors/nocp-error.ts";
import type { TokenCounter } from "@nocp/shared/tokens/token-counter.ts";
import type { CompressedPiece, CompressionOutput, MeasuredItem } from "./compression-strategy.ts";
import { type ItemGroup, sumTokens } from "./plan-compression.ts";

export interface GroupInput {
  readonly group: ItemGroup;
  readonly items: readonly MeasuredItem[];
  readonly query: string;
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  /** A result that saves a smaller share of the tokens is thrown away. */
  readonly minSavedShare: number;
  readonly signal: AbortSignal | undefined;
}

export interface GroupOutcome {
  readonly pieces: readonly CompressedPiece[];
  readonly report: StrategyReport;
  readonly warnings: readonly Warning[];
}

export async function runGroup(input: GroupInput): Promise<GroupOutcome> {
  const { group, items, budgetTokens } = input;
  if (group.tokens <= budgetTokens) return rawOutcome(input, `${group.tokens} tokens fit in ${budgetTokens}`, []);
  const warnings: Warning[] = [];
  for (const strategy of group.strategies) {
    try {
      const output = await strategy.compress({
        items,
        query: input.query,
        budgetTokens,
        counter: input.counter,
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      });
      const after = checkedTokens(output, input);
      const savedShare = group.tokens === 0 ? 0 : 1 - after / group.tokens;
      if (savedShare <= 0 || savedShare < input.minSavedShare) {
        return rawOutcome(
          input,
          `${strategy.name} saves only ${percent(savedShare)}, less than ${percent(input.minSavedShare)}`,
          warnings,
        );
      }
      const report = {
        strategy: strategy.name,
        itemIds: items.map(({ item }) => item.id),
        before: group.tokens,
        after,
        justification: `${output.justification}; ${percent(savedShare)} of ${group.tokens} tokens saved`,
      };
      return { pieces: output.pieces, report, warnings };
    } catch (error) {
      input.signal?.throwIfAborted();
      warnings.push({
        code: "COMPRESSION_FAILED",
        message: `${strategy.name} failed on ${items.length} item(s) and was left out: ${coerceError(error).message}`,
      });
    }
  }
  return rawOutcome(input, "every strategy failed, the raw text is kept", warnings);
}

/** @throws Error when the output is not what the contract promises. */
function checkedTokens(output: CompressionOutput, { items, budgetTokens }: GroupInput): number {
  if (output.pieces.length !== items.length || output.pieces.some((piece, at) => piece.itemId !== items[at]?.item.id)) {
    throw new Error(`returned ${output.pieces.length} pieces for ${items.length} items, or in another order`);
  }
  const after = sumTokens(output.pieces);
  if (after > budgetTokens) throw new Error(`took ${after} tokens of a budget of ${budgetTokens}`);
  return after;
}

function rawOutcome({ group, items }: GroupInput, justification: string, warnings: readonly Warning[]): GroupOutcome {
  return {
    pieces: items.map(({ item, text, tokens }) => ({ itemId: item.id, text, tokens, removed: false })),
    report: {
      strategy: noStrategy,
      itemIds: items.map(({ item }) => item.id),
      before: group.tokens,
      after: group.tokens,
      justification,
    },
    warnings,
  };
}

/** Stands in a report where a strategy's name would, when the items are kept raw. */
export const noStrategy = "none";

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
